import TinkerFiles
import TinkerKit

/// Examples as flat arrays, for trainers that map files into memory.
///
/// `tokens` (int32) and `weights` (float32) hold all examples one after the other; example *i* is
/// `offsets[i]` to `offsets[i + 1]` (int64). The first token of an example has weight 0, as nothing
/// predicts it. Where examples are packed, `positions` (int32) begins anew with each, and row *r*
/// holds the examples `rows[r]` to `rows[r + 1]` (int64).
///
/// The arrays grow on the disk, so memory is constant.
struct ArrayOutput: ~Copyable {
  let format: OutputFormat
  let path: String
  var tokens: SpoolFile
  var weights: SpoolFile
  var offsets: SpoolFile
  var positions: SpoolFile?
  var rows: SpoolFile?
  var tokenCount = 0
  var exampleCount = 0
  var rowCount = 0

  static func begin(
    _ format: OutputFormat, path: String, isPacked: Bool
  ) throws(CommandFailure) -> ArrayOutput {
    do throws(FileError) {
      var output = ArrayOutput(
        format: format, path: path, tokens: try SpoolFile(beside: path),
        weights: try SpoolFile(beside: path), offsets: try SpoolFile(beside: path))
      try append(0, to: &output.offsets)
      if isPacked {
        var rows = try SpoolFile(beside: path)
        try append(0, to: &rows)
        output.rows = consume rows
        output.positions = try SpoolFile(beside: path)
      }
      return output
    } catch { throw CommandFailure(error) }
  }

  mutating func add(_ example: SupervisedExample) throws(CommandFailure) {
    do throws(FileError) {
      var block: [UInt8] = []
      block.reserveCapacity(4 * example.tokens.count)
      for token in example.tokens { block.appendLittleEndian(token) }
      try tokens.append(block.span)
      block.removeAll(keepingCapacity: true)
      for (weight, count) in example.rowWeights {
        for _ in 0..<count { block.appendLittleEndian(weight.bitPattern) }
      }
      try weights.append(block.span)
      tokenCount += example.tokens.count
      exampleCount += 1
      try Self.append(tokenCount, to: &offsets)
    } catch { throw CommandFailure(error) }
  }

  mutating func add(row: [PackedExample]) throws(CommandFailure) {
    for item in row {
      try add(item.example)
      var block: [UInt8] = []
      block.reserveCapacity(4 * item.example.tokens.count)
      for position in item.example.tokens.indices {
        block.appendLittleEndian(UInt32(truncatingIfNeeded: position))
      }
      do throws(FileError) { try positions?.append(block.span) } catch {
        throw CommandFailure(error)
      }
    }
    rowCount += 1
    do throws(FileError) {
      var block: [UInt8] = []
      block.appendLittleEndian(UInt64(exampleCount))
      try rows?.append(block.span)
    } catch { throw CommandFailure(error) }
  }

  private static func append(_ number: Int, to spool: inout SpoolFile) throws(FileError) {
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt64(number))
    try spool.append(bytes.span)
  }

  // MARK: The files

  /// The arrays that an output has, in the order of the file.
  private static func names(isPacked: Bool) -> [(name: String, type: ArrayFile.Element)] {
    // The wide ones first, so that each array is aligned.
    var names: [(name: String, type: ArrayFile.Element)] = [("offsets", .int64)]
    if isPacked { names.append(("rows", .int64)) }
    names += [("tokens", .int32), ("weights", .float32)]
    if isPacked { names.append(("positions", .int32)) }
    return names
  }

  /// The files of an output: `train.npy` holds the tokens, `train.weights.npy` the weights, and so
  /// on. A safetensors file holds all.
  static func paths(_ format: OutputFormat, path: String, isPacked: Bool) -> [String] {
    guard format == .npy else { return [path] }
    return names(isPacked: isPacked).map { Self.path(of: $0.name, path) }
  }

  private static func path(of name: String, _ path: String) -> String {
    name == "tokens" ? path : "\(path.dropLast(4)).\(name).npy"
  }

  /// Writes the files; the one that was named comes last.
  consuming func finish(_ interruption: Interruption) throws(CommandFailure) {
    let isPacked = rows != nil
    let counts = [
      "offsets": exampleCount + 1, "rows": rowCount + 1, "tokens": tokenCount,
      "weights": tokenCount, "positions": tokenCount,
    ]
    let (format, path) = (format, path)
    let names = Self.names(isPacked: isPacked)
    do throws(FileError) {
      if format == .safetensors {
        var output = try OutputFile(path: path, interruption: interruption)
        try output.write(Self.header(names, counts).span)
        try offsets.move(to: &output)
        try rows?.move(to: &output)
        try tokens.move(to: &output)
        try weights.move(to: &output)
        try positions?.move(to: &output)
        return try output.commit()
      }
      func begin(_ name: String, _ type: ArrayFile.Element) throws(FileError) -> OutputFile {
        var output = try OutputFile(
          path: Self.path(of: name, path), interruption: interruption)
        try output.write(ArrayFile.header(type, shape: [counts[name] ?? 0]).span)
        return output
      }
      var output = try begin("offsets", .int64)
      try offsets.move(to: &output)
      try output.commit()
      if isPacked {
        output = try begin("rows", .int64)
        try rows?.move(to: &output)
        try output.commit()
        output = try begin("positions", .int32)
        try positions?.move(to: &output)
        try output.commit()
      }
      output = try begin("weights", .float32)
      try weights.move(to: &output)
      try output.commit()
      output = try begin("tokens", .int32)
      try tokens.move(to: &output)
      try output.commit()
    } catch { throw CommandFailure(error) }
  }

  /// The beginning of a safetensors file: the length of the header, then the header, filled up so
  /// that the data are aligned.
  private static func header(
    _ names: [(name: String, type: ArrayFile.Element)], _ counts: [String: Int]
  ) -> [UInt8] {
    var header: JSONObject = [
      "__metadata__": ["format": "pt", "tinkerkit": .string(JSONString(Tinkerkit.version))]
    ]
    var end = 0
    for (name, type) in names {
      let count = counts[name] ?? 0
      let start = end
      end += count * type.size
      header[name] = [
        "dtype": .string(JSONString(type.safetensorsName)),
        "shape": [.number(.integer(count))],
        "data_offsets": [.number(.integer(start)), .number(.integer(end))],
      ]
    }
    var text = Array(JSONValue.object(header).serialized(.compact).utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    var out: [UInt8] = []
    out.appendLittleEndian(UInt64(text.count))
    return out + text
  }
}
