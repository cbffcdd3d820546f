import Foundation
import TestSupport
import Testing
import TinkerJSON

/// Shaping of a data set by `render`: packed files, long examples, rows, arrays.
@Suite struct ShapingTests {
  private func render(_ more: [String]) throws -> BuiltCommand.Outcome {
    try Tool.run(["render"] + more + Tool.rendering)
  }

  private func lines(_ text: String) throws -> [JSONValue] {
    try Tool.lines(of: text).map { try JSONValue.parse($0) }
  }

  // MARK: Packed files

  @Test(arguments: ["gz", "zst"])
  func packedInAndOut(suffix: String) throws {
    let folder = try WorkFolder()
    let plain = folder.path("out.jsonl")
    let packed = folder.path("out.jsonl.\(suffix)")
    #expect(try render([Tool.demo, "-o", plain]).status == 0)
    #expect(try render([Tool.demo, "-o", packed]).status == 0)
    #expect(try folder.names().contains("out.jsonl.\(suffix).manifest.json"))
    let program = suffix == "gz" ? "gzip" : "zstd"
    // The programs of the system read what was written, and the command what they have written.
    let script = """
      \(program) -dc < \(packed) | cmp - \(plain)
      \(program) -c < \(Tool.demo) > \(folder.path)/in.jsonl.\(suffix)
      tinkerkit render \(folder.path)/in.jsonl.\(suffix) \(Tool.rendering.joined(separator: " ")) \
        | cmp - \(plain)
      tinkerkit check \(folder.path)/in.jsonl.\(suffix) \(Tool.rendering.joined(separator: " ")) \
        --fail-on error | tail -n 1 > /dev/null
      tinkerkit count \(folder.path)/in.jsonl.\(suffix) --lines \(Tool.qwen3.joined(separator: " ")) \
        | wc -l
      """
    if try BuiltCommand.shell("command -v \(program)", in: Places.package).status != 0 {
      try Test.cancel("no program \(program): apt-get install \(program)")
    }
    let outcome = try BuiltCommand.shell(script, in: Places.package)
    #expect(outcome.status == 0, "\(outcome.messages)")
  }

  @Test func aCutInputLeavesNothing() throws {
    let folder = try WorkFolder()
    let packed = folder.path("in.jsonl.gz")
    #expect(try render([Tool.demo, "-o", packed]).status == 0)
    let bytes = try Data(contentsOf: URL(filePath: packed))
    try folder.write(bytes.dropLast(9), to: "cut.jsonl.gz")
    let outcome = try Tool.run(
      ["render", folder.path("cut.jsonl.gz"), "-o", folder.path("out")] + Tool.rendering)
    #expect(outcome.status == 3)
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
  }

  // MARK: Long examples

  @Test func shortensAndCounts() throws {
    let limit = 60
    let cut = try render(
      [
        Tool.demo, "--format", "tokens", "--max-length", "\(limit)", "--too-long", "cut",
        "--expand", "none",
      ])
    let kept = try lines(cut.text)
    #expect(kept.allSatisfy { ($0["tokens"]?.array?.count ?? 0) <= limit })
    #expect(
      kept.allSatisfy { ($0["weights"]?.array ?? []).contains { $0 != 0 } },
      "what is left is worth training")
    #expect(cut.messages.contains("shortened by"))
    #expect(cut.messages.contains("left out"))
    #expect(cut.status == 1)
    let counts = try JSONValue.parse(
      try render(
        [
          Tool.demo, "--max-length", "\(limit)", "--too-long", "cut", "--expand", "none",
          "--dry-run", "--json", "--batch-size", "5",
        ]
      ).text.trimmingCharacters(in: .newlines))
    #expect(counts["examples"]?.int == kept.count)
    #expect(
      (counts["examples"]?.int ?? 0) + (counts["too_long"]?.int ?? 0) == counts["records"]?.int)
    #expect((counts["shortened"]?.int ?? 0) > 0)
    #expect(counts["steps"]?.int == (kept.count + 4) / 5)
  }

  // MARK: Rows

  @Test func packsEveryExampleOnce() throws {
    let folder = try WorkFolder()
    let single = try lines(try render([Tool.demo, "--format", "tokens"]).text)
    let longest = single.compactMap { $0["tokens"]?.array?.count }.max() ?? 0
    let length = longest + 40
    let out = folder.path("rows.jsonl")
    let outcome = try render([Tool.demo, "--format", "tokens", "--pack", "\(length)", "-o", out])
    #expect(outcome.status == 0)
    let rows = try lines(try folder.read("rows.jsonl"))
    #expect(rows.count < single.count)
    var found: [[JSONValue]] = []
    for row in rows {
      let tokens = row["tokens"]?.array ?? []
      #expect(tokens.count <= length)
      for part in row["examples"]?.array ?? [] {
        guard let start = part["start"]?.int, let end = part["end"]?.int else { continue }
        found.append(Array(tokens[start..<end]))
        #expect(
          (row["positions"]?.array ?? [])[start..<end].compactMap(\.int) == Array(0..<end - start))
      }
    }
    func sorted(_ lists: [[JSONValue]]) -> [String] {
      lists.map { JSONValue.array($0).serialized(.compact) }.sorted()
    }
    #expect(sorted(found) == sorted(single.map { $0["tokens"]?.array ?? [] }))
    // The accounting is exact.
    let manifest = try JSONValue.parse(
      try folder.read("rows.jsonl.manifest.json").trimmingCharacters(in: .newlines))
    let total = single.reduce(0) { $0 + ($1["tokens"]?.array?.count ?? 0) }
    #expect(manifest["counts"]?["rows"]?.int == rows.count)
    #expect(manifest["counts"]?["padding"]?.int == rows.count * length - total)
    #expect(manifest["options"]?["pack"]?.int == length)
    #expect(outcome.messages.contains("% full, "))
    // The same on any number of threads.
    let again = try render(
      [Tool.demo, "--format", "tokens", "--pack", "\(length)", "--jobs", "5"])
    #expect(again.text == (try folder.read("rows.jsonl")))
  }

  // MARK: Arrays

  /// An array of little-endian numbers.
  private struct Array1D {
    let type: String
    let bytes: Data

    /// Reads a file of NumPy.
    init(npy: Data) throws {
      #expect(npy.prefix(8) == Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]))
      let length = Int(npy[8]) | Int(npy[9]) << 8
      #expect((10 + length) % 64 == 0)
      let header = String(decoding: npy[10..<10 + length], as: UTF8.self)
      type = header.contains("<i8") ? "I64" : header.contains("<f4") ? "F32" : "I32"
      bytes = npy.dropFirst(10 + length)
      #expect(header.contains("'shape': (\(bytes.count / (type == "I64" ? 8 : 4)),)"))
    }

    init(type: String, bytes: Data) {
      self.type = type
      self.bytes = bytes
    }

    var numbers: [Double] {
      let size = type == "I64" ? 8 : 4
      return stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { start in
        let bits = bytes[start..<start + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return type == "F32" ? Double(Float(bitPattern: UInt32(bits))) : Double(bits)
      }
    }
  }

  private func arrays(safetensors file: Data) throws -> [String: Array1D] {
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length % 8 == 0)
    let header = try JSONValue.parse([UInt8](file[8..<8 + length]))
    var out: [String: Array1D] = [:]
    for (name, value) in header.object ?? [:] {
      guard let offsets = value["data_offsets"]?.array?.compactMap(\.int) else { continue }
      let data = file[(8 + length + offsets[0])..<(8 + length + offsets[1])]
      out[name.description] = Array1D(type: value["dtype"]?.text ?? "", bytes: Data(data))
    }
    return out
  }

  @Test func arraysHoldWhatLinesHold() throws {
    let folder = try WorkFolder()
    let single = try lines(try render([Tool.demo, "--format", "tokens"]).text)
    #expect(
      try render([Tool.demo, "--format", "npy", "-o", folder.path("a.npy")]).status == 0)
    #expect(
      try folder.names()
        == ["a.npy", "a.npy.manifest.json", "a.offsets.npy", "a.weights.npy"])
    func npy(_ name: String) throws -> [Double] {
      try Array1D(npy: try Data(contentsOf: URL(filePath: folder.path(name)))).numbers
    }
    let tokens = single.flatMap { ($0["tokens"]?.array ?? []).compactMap(\.double) }
    #expect(try npy("a.npy") == tokens)
    let weights = single.flatMap {
      [0] + ($0["weights"]?.array ?? []).compactMap(\.double).dropFirst()
    }
    #expect(try npy("a.weights.npy") == weights)
    var end = 0.0
    let offsets = single.map { example -> Double in
      end += Double(example["tokens"]?.array?.count ?? 0)
      return end
    }
    #expect(try npy("a.offsets.npy") == [0] + offsets)

    let packed = folder.path("p.safetensors")
    #expect(
      try render([Tool.demo, "--format", "safetensors", "--pack", "600", "-o", packed]).status == 0)
    let found = try arrays(safetensors: try Data(contentsOf: URL(filePath: packed)))
    #expect(found.keys.sorted() == ["offsets", "positions", "rows", "tokens", "weights"])
    #expect(found["tokens"]?.numbers.sorted() == tokens.sorted())
    #expect(found["weights"]?.numbers.reduce(0, +) == weights.reduce(0, +))
    #expect(found["rows"]?.numbers.last == Double(single.count))
    #expect(found["offsets"]?.numbers.last == Double(tokens.count))
    #expect(found["positions"]?.numbers.count { $0 == 0 } == single.count)
    #expect(try folder.names().allSatisfy { !$0.hasSuffix(".partial") })
  }

  @Test(arguments: [
    (["--pack", "100"], "--format tokens"), (["--pack", "1", "--format", "tokens"], "--pack"),
    (["--pack", "100", "--format", "tokens", "--max-length", "200"], "--max-length"),
    (["--pack", "100", "--format", "tokens", "--carry"], "--carry"),
    (["--too-long", "cut"], "--too-long"), (["--batch-size", "8"], "--batch-size"),
    (["--format", "npy"], "--output"), (["--format", "npy", "-o", "x.bin"], ".npy"),
    (["--format", "safetensors", "--carry", "-o", "x"], "--carry"),
  ])
  func refusesOptionsWithoutEffect(arguments: [String], names: String) throws {
    let outcome = try render([Tool.demo] + arguments)
    #expect(outcome.status == 2)
    #expect(outcome.messages.contains(names), "\(outcome.messages)")
  }

  @Test func theWorkerAnswersInLines() throws {
    let outcome = try Tool.run(["worker", "--format", "npy"] + Tool.rendering)
    #expect(outcome.status == 2)
    let record =
      #"{"messages":[{"role":"user","content":"one"},{"role":"assistant","content":"first"},"#
      + #"{"role":"user","content":"two"},{"role":"assistant","content":"second"}]}"#
    let whole = try Tool.worker(
      Tool.rendering + ["--format", "tokens", "--expand", "none"],
      lines: [#"{"op":"render","conversation":\#(record)}"#])
    let line = try #require(whole[0]["ok"]?["lines"]?.array?.first?.text)
    let count = try #require(try JSONValue.parse(line)["tokens"]?.array?.count)
    let cut = try Tool.worker(
      Tool.rendering
        + [
          "--format", "tokens", "--expand", "none", "--max-length", "\(count - 1)", "--too-long",
          "turn",
        ], lines: [#"{"op":"render","conversation":\#(record)}"#])
    let shorter = try #require(cut[0]["ok"]?["lines"]?.array?.first?.text)
    #expect((try JSONValue.parse(shorter)["tokens"]?.array?.count ?? count) < count - 1)
  }
}
