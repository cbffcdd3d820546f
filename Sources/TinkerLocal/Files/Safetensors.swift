internal import TinkerJSON

/// The tensors of one safetensors file.
package struct Safetensors: Sendable {
  /// Where a tensor stands in the file.
  package struct Entry: Sendable {
    /// The element type by its name in the file.
    package let type: String
    /// The extents.
    package let shape: [Int]
    /// The bytes, from the start of the file.
    let range: Range<Int>
  }

  /// The longest header that is read, in bytes.
  package static let maximumHeader = 100_000_000

  /// The path, for errors.
  package let path: String
  /// The names in the order of the header.
  package let names: [String]
  private let entries: [String: Entry]
  private let bytes: [UInt8]

  /// Reads a file and checks that every tensor lies in it.
  ///
  /// - Throws: `LocalError` that names the file and the tensor.
  package init(path: String) throws(LocalError) {
    func fail(_ problem: String) -> LocalError { .file(path: path, problem: problem) }
    bytes = try FileSystem.read(path)
    self.path = path
    guard bytes.count >= 8 else { throw fail("is too short for a safetensors file") }
    var length: UInt64 = 0
    for index in 0..<8 { length |= UInt64(bytes[index]) << (8 * UInt64(index)) }
    guard length <= Self.maximumHeader, Int(length) <= bytes.count - 8 else {
      throw fail("has a header of \(length) bytes, which does not fit the file")
    }
    let start = 8 + Int(length)
    let header: JSONObject
    do {
      guard let object = try JSONValue.parse(Array(bytes[8..<start])).object else {
        throw fail("its header is not an object")
      }
      header = object
    } catch let error as JSONError {
      throw fail("its header is not JSON: \(error)")
    } catch {
      throw fail("its header is not an object")
    }
    var names: [String] = []
    var entries: [String: Entry] = [:]
    for (key, value) in header {
      guard let name = key.text, name != "__metadata__" else { continue }
      guard let type = value.object?["dtype"]?.text,
        let shape = value.object?["shape"]?.array?.map({ $0.int ?? -1 }),
        let offsets = value.object?["data_offsets"]?.array?.map({ $0.int ?? -1 }),
        offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0],
        offsets[1] <= bytes.count - start, shape.allSatisfy({ $0 >= 0 })
      else { throw fail("tensor \(name) lies outside of the file or is not described") }
      let range = start + offsets[0]..<start + offsets[1]
      var elements = 1
      for extent in shape {
        let (product, overflow) = elements.multipliedReportingOverflow(by: extent)
        guard !overflow else { throw fail("tensor \(name) is too large") }
        elements = product
      }
      let width = Self.storage(of: type)?.width
      if let width, elements.multipliedReportingOverflow(by: width) != (range.count, false) {
        throw fail("tensor \(name) has \(range.count) bytes, not \(elements) elements of \(type)")
      }
      names.append(name)
      entries[name] = Entry(type: type, shape: shape, range: range)
    }
    self.names = names
    self.entries = entries
  }

  /// What the header says of a tensor, or `nil`.
  package subscript(name: String) -> Entry? { entries[name] }

  /// The values of a tensor, widened to float.
  ///
  /// - Throws: `LocalError` that names the tensor if it is missing or no float tensor.
  package func tensor(_ name: String) throws(LocalError) -> FloatBuffer {
    guard let entry = entries[name] else {
      throw .file(path: path, problem: "tensor \(name) is missing")
    }
    guard let storage = Self.storage(of: entry.type) else {
      throw .file(
        path: path, problem: "tensor \(name) is \(entry.type); F32, BF16 and F16 can be read")
    }
    let buffer = FloatBuffer(count: entry.range.count / storage.width)
    buffer.fill(from: bytes.span.extracting(entry.range), stored: storage)
    return buffer
  }

  private static func storage(of type: String) -> FloatBuffer.Storage? {
    switch type {
    case "F32": .float32
    case "BF16": .bfloat16
    case "F16": .float16
    default: nil
    }
  }
}
