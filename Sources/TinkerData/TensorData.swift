public import TinkerJSON

/// A dense tensor of the service's two element types.
public struct TensorData: Sendable, Hashable {
  /// The elements, in row-major order.
  public enum Elements: Sendable, Hashable {
    /// 64-bit signed integers (`int64`).
    case integers([Int64])
    /// 32-bit floats (`float32`).
    case floats([Float])
  }

  /// The elements.
  public var elements: Elements
  /// The extent of each dimension; their product is the number of elements.
  public var shape: [Int]

  /// A one-dimensional tensor of integers.
  public init(_ integers: [Int64]) {
    elements = .integers(integers)
    shape = [integers.count]
  }

  /// A one-dimensional tensor of floats.
  public init(_ floats: [Float]) {
    elements = .floats(floats)
    shape = [floats.count]
  }

  /// Writes the service's JSON form: `{"data":[…],"dtype":…,"shape":[…]}`.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("data")
    writer.beginArray()
    switch elements {
    case .integers(let values): for value in values { writer.integer(Int(value)) }
    case .floats(let values): for value in values { writer.double(Double(value)) }
    }
    writer.endArray()
    writer.key("dtype")
    switch elements {
    case .integers: writer.string("int64")
    case .floats: writer.string("float32")
    }
    writer.key("shape")
    writer.beginArray()
    for extent in shape { writer.integer(extent) }
    writer.endArray()
    writer.endObject()
  }
}
