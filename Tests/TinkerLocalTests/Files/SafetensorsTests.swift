import Foundation
import TestSupport
import Testing
import TinkerData
import TinkerLocal

@Suite struct SafetensorsTests {
  static func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
    let text = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + data
  }

  static func read(_ bytes: [UInt8]) throws -> Safetensors {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "model.safetensors")
    try Data(bytes).write(to: path)
    return try Safetensors(path: path.path)
  }

  @Test func writesWhatItReads() throws {
    let buffer = FloatBuffer([1, -2, 3, 4, 5, 6])
    var writer = SafetensorsWriter()
    writer.add("a", shape: [2, 2], buffer, 0..<4)
    writer.add("b", shape: [2], buffer, 4..<6)
    let file = try Self.read(writer.bytes)
    #expect(file.names == ["a", "b"])
    #expect(file["a"]?.shape == [2, 2])
    #expect(try file.tensor("a").values == [1, -2, 3, 4])
    #expect(try file.tensor("b").values == [5, 6])
    #expect(throws: LocalError.self) { try file.tensor("c") }
  }

  @Test func damageIsNamed() {
    let good = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let bad: [[UInt8]] = [
      [], [1, 2, 3], [UInt8](repeating: 0xFF, count: 16), Self.file("[1]", []),
      Self.file("{", []), Self.file(good, [0, 0]),
      Self.file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, 0, 0]),
      Self.file(#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, [0, 0, 0, 0]),
      Self.file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, [0, 0, 0, 0]),
      Self.file(#"{"a":{"dtype":"F32","shape":[1]}}"#, [0, 0, 0, 0]),
      Self.file(
        #"{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,4]}}"#,
        [0, 0, 0, 0]),
      Self.file(#"{"a":3}"#, []),
    ]
    for bytes in bad { #expect(throws: LocalError.self) { try Self.read(bytes) } }
    #expect(throws: LocalError.self) {
      try Self.read(
        Self.file(#"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, [UInt8](0..<8))
      ).tensor("a")
    }
  }

  /// Files with a few bytes changed are read or refused, and never trap.
  @Test func changedBytes() throws {
    let buffer = FloatBuffer([1, 2, 3, 4])
    var writer = SafetensorsWriter()
    writer.add("a", shape: [2, 2], buffer, 0..<4)
    let whole = writer.bytes
    var stream = RandomStream(seed: 1, name: "fuzz")
    var refused = 0
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<(1 + stream.next() % 3) {
        bytes[Int(stream.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: stream.next())
      }
      do { _ = try Self.read(bytes).tensor("a") } catch is LocalError { refused += 1 }
    }
    #expect(refused > 50)
  }
}
