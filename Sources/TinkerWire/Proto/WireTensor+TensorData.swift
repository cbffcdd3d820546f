#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import TinkerData

extension WireTensor {
  /// The protobuf form of a tensor.
  init(_ tensor: TensorData) {
    self.init()
    shape = tensor.shape.map(Int64.init)
    let values: Data
    switch tensor.elements {
    case .integers(let integers):
      dtype = .int64
      values = NumberBuffer.bytes(of: integers)
    case .floats(let floats):
      dtype = .float32
      values = NumberBuffer.bytes(of: floats)
    }
    if let rows = tensor.sparseRows {
      var csr = WireSparseCsr()
      csr.values = values
      csr.crowIndices = NumberBuffer.bytes(of: rows.rowPointers)
      csr.colIndices = NumberBuffer.bytes(of: rows.columns)
      sparseCsr = csr
    } else {
      dense = values
    }
  }

  /// The tensor. A dense one that does not tell its shape has one dimension.
  func tensorData(at place: String) throws(WireError) -> TensorData {
    let bytes: Data
    var places: TensorData.SparseRows?
    switch encoding {
    case .sparseCsr(let csr):
      bytes = csr.values
      guard let rows = NumberBuffer.integers(csr.crowIndices, as: Int64.self),
        let columns = NumberBuffer.integers(csr.colIndices, as: Int64.self)
      else { throw .malformed(place, what: "row pointers or columns are cut off") }
      places = TensorData.SparseRows(rowPointers: rows, columns: columns)
    case .dense(let dense): bytes = dense
    case nil: bytes = Data()
    }
    let elements = try dtype.elements(bytes, at: place)
    let shape = try extents(self.shape, at: place)
    do {
      return try TensorData(
        elements: elements, shape: shape.isEmpty && places == nil ? [elements.count] : shape,
        sparseRows: places)
    } catch { throw .field(error) }
  }
}

extension WireDType {
  /// The numbers in bytes, widened to the two types of values.
  func elements(_ bytes: Data, at place: String) throws(WireError) -> TensorData.Elements {
    let elements: TensorData.Elements? =
      switch self {
      case .float32: NumberBuffer.floats(bytes).map { .floats($0) }
      case .int64: NumberBuffer.integers(bytes, as: Int64.self).map { .integers($0) }
      case .int32:
        NumberBuffer.integers(bytes, as: Int32.self).map { .integers($0.map(Int64.init)) }
      case .bfloat16:
        NumberBuffer.integers(bytes, as: UInt16.self).map {
          .floats($0.map { Float(bitPattern: UInt32($0) << 16) })
        }
      case .unspecified, .UNRECOGNIZED:
        throw .malformed(place, what: "unknown element type \(rawValue)")
      }
    guard let elements else { throw .malformed(place, what: "elements are cut off") }
    return elements
  }

  /// The bytes of one element.
  var size: Int {
    switch self {
    case .float32, .int32: 4
    case .int64: 8
    case .bfloat16: 2
    case .unspecified, .UNRECOGNIZED: 1
    }
  }
}

/// Extents as they are counted here.
func extents(_ shape: [Int64], at place: String) throws(WireError) -> [Int] {
  var out: [Int] = []
  for extent in shape {
    guard extent >= 0, let extent = Int(exactly: extent) else {
      throw .malformed(place, what: "an extent is \(extent)")
    }
    out.append(extent)
  }
  return out
}
