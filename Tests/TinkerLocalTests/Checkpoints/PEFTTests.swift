import Foundation
import TestSupport
import Testing
import TinkerData
import TinkerJSON
import TinkerLocal

/// Adapters of ours in PEFT, and PEFT's in ours.
@Suite(
  .enabled(
    if: Shared.isPresent && ProcessInfo.processInfo.environment["TINKERKIT_PYTHON"] != nil,
    """
    needs PEFT: pip install torch transformers peft==0.21.2, then TINKERKIT_PYTHON=/path/to/python \
    swift test --filter PEFTTests (and TINKERKIT_SHARED)
    """))
struct PEFTTests {
  static let tokens: [UInt32] = [115, 258, 21, 269, 7]

  static func python(_ arguments: [String]) throws -> [Double] {
    let process = Process()
    process.executableURL = URL(
      filePath: ProcessInfo.processInfo.environment["TINKERKIT_PYTHON"] ?? "")
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "peft_logits.py").path
    process.arguments = [script] + arguments + tokens.map(String.init)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return try JSONValue.parse([UInt8](data)).doubles
  }

  static func logits(_ weights: DecoderWeights, _ adapters: AdapterSet) throws -> [Float] {
    let pass = DecoderPass(Compute(), weights, adapters: adapters)
    let trace = try pass.forward(TokenBatch([TokenSequence(tokens)]), keepsTapes: false)
    return pass.head(trace.output.rows(tokens.count - 1..<tokens.count)).logits.rowValues
  }

  static func weights(_ model: String) throws -> DecoderWeights {
    let folder = Shared.engine + "/" + model
    return try DecoderWeights(
      folder: folder, configuration: try ModelConfiguration(folder: folder))
  }

  @Test(arguments: ["tied", "untied"])
  func readsOurs(model: String) throws {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let weights = try Self.weights(model)
    let set = AdapterSet(for: weights, rank: 4, alpha: 32) { _ in true }
    set.initialise(seed: 1)
    var stream = RandomStream(seed: 2, name: "B")
    for index in 0..<set.values.count where set.values[index] == 0 {
      set.values[index] = Float(stream.gauss()) * 0.05
    }
    set.repack()
    for file in AdapterFiles.files(set, baseModel: model) {
      try Data(file.bytes).write(to: folder.appending(path: file.name))
    }
    let theirs = try Self.python([Shared.engine + "/" + model, folder.path])
    var differences = Differences()
    differences.compare(try Self.logits(weights, set), theirs, tolerance: 1e-4, model)
    #expect(differences.first.isEmpty, "\(differences.first)")
    #expect(theirs.count == 320)
  }

  @Test(arguments: ["tied", "untied"])
  func writesForUs(model: String) throws {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let theirs = try Self.python(["--make", Shared.engine + "/" + model, folder.path])
    let weights = try Self.weights(model)
    let set = try AdapterFiles.load(folder: folder.path, for: weights)
    #expect(set.rank == 3 && set.alpha == 12 && set.modules.count == 9)
    var differences = Differences()
    differences.compare(try Self.logits(weights, set), theirs, tolerance: 1e-4, model)
    #expect(differences.first.isEmpty, "\(differences.first)")
  }
}
