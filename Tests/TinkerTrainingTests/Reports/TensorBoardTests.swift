import Foundation
import TestSupport
import Testing
import TinkerTraining

@Suite struct TensorBoardTests {
  private static let python =
    ProcessInfo.processInfo.environment["TINKERKIT_TENSORBOARD_PYTHON"]

  private func write(_ folder: URL) async throws {
    let first = try TensorBoardLog(folder.path)
    for event in ReportRun.events.prefix(31) { try await first.observe(event) }
    // The first process was killed after 30 steps, and the second goes on from step 20.
    let second = try TensorBoardLog(folder.path)
    var description = ReportRun.description
    description.firstStep = 20
    try await second.observe(.started(description))
    for step in ReportRun.steps.dropFirst(20) { try await second.observe(.step(step)) }
    try await second.observe(.ended(.finished))
  }

  /// Takes the records of a file apart by their lengths.
  private func records(_ data: Data) throws -> [Data] {
    var rest = data[...]
    var out: [Data] = []
    while !rest.isEmpty {
      try #require(rest.count >= 16)
      let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      try #require(rest.count >= length + 16)
      out.append(Data(rest.dropFirst(12).prefix(length)))
      rest = rest.dropFirst(length + 16)
    }
    return out
  }

  @Test func filesAreWholeRecords() async throws {
    try await TinyRun.withFolder { folder in
      try await write(folder)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names.count == 2)
      let files = try names.map {
        try records(Data(contentsOf: folder.appendingPathComponent($0)))
      }
      #expect(files.map(\.count).sorted() == [31, 42])
      for file in files { #expect(file[0].suffix(13) == Data("brain.Event:2".utf8)) }
    }
  }

  @Test(
    .enabled(
      if: python != nil,
      "needs Python's tensorboard: TINKERKIT_TENSORBOARD_PYTHON=PYTHON swift test"))
  func theOfficialPackageReadsThem() async throws {
    let script = """
      import sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      log = EventAccumulator(sys.argv[1]); log.Reload()
      for name in sorted(log.Tags()["scalars"]):
          points = log.Scalars(name)
          print(name, len(points), points[0].step, points[-1].step, f"{points[-1].value:.6g}")
      """
    try await TinyRun.withFolder { folder in
      try await write(folder)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try #require(Self.python))
      process.arguments = ["-c", script, folder.path]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      let lines = text.split(separator: "\n").map(String.init)
      #expect(lines.contains("num_tokens 60 0 59 4109"), "\(lines)")
      #expect(lines.contains("env/all/reward/total 60 0 59 0.966944"), "\(lines)")
      // The step whose number is none is left out.
      #expect(lines.contains { $0.hasPrefix("optim/kl_sample_train_v1 59 0 59") }, "\(lines)")
    }
  }
}
