internal import TinkerJSON

/// Collects float tensors and lays them out as a safetensors file.
package struct SafetensorsWriter {
  private var header = JSONObject()
  private var data: [UInt8] = []

  /// An empty file with the metadata that PyTorch's readers look for.
  package init() {
    header["__metadata__"] = .object(["format": .string("pt")])
  }

  /// Adds a tensor from a range of a buffer.
  package mutating func add(
    _ name: String, shape: [Int], _ buffer: FloatBuffer, _ range: Range<Int>
  ) {
    precondition(shape.reduce(1, *) == range.count)
    let start = data.count
    data += buffer.bytes(range)
    header[name] = .object([
      "dtype": .string("F32"),
      "shape": .array(shape.map { .number(.integer($0)) }),
      "data_offsets": .array([.number(.integer(start)), .number(.integer(data.count))]),
    ])
  }

  /// The bytes of the file.
  package var bytes: [UInt8] {
    var text = Array(JSONValue.object(header).serialized(.compact).utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    var out: [UInt8] = []
    out.reserveCapacity(8 + text.count + data.count)
    for index in 0..<8 { out.append(UInt8(truncatingIfNeeded: text.count >> (8 * index))) }
    return out + text + data
  }
}
