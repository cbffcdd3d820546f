import Foundation
import TestSupport
import Testing
import TinkerFiles
import TinkerJSON

/// Lines above the stated limit are an error with its place, and no more than the limit is held.
@Suite(.serialized) struct LongLineTests {
  private static let record =
    #"{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"#

  /// A good record, a line of NUL bytes that is too long, and another record. The file has a hole, so
  /// it takes no room.
  private func longFile(_ folder: WorkFolder, first: String, last: String) throws -> String {
    let file = try folder.write(first + "\n", to: "long.jsonl")
    let handle = try FileHandle(forWritingTo: URL(filePath: file))
    try handle.seek(toOffset: UInt64(first.utf8.count + LineReader.defaultMaximumLength + 100))
    try handle.write(contentsOf: Data("\n\(last)\n".utf8))
    try handle.close()
    return file
  }

  @Test func isAnError() throws {
    let folder = try WorkFolder()
    let file = try longFile(folder, first: Self.record, last: Self.record)
    let outcome = try Tool.run(["render", file] + Tool.rendering)
    #expect(outcome.status == 3)
    #expect(
      outcome.messages
        == "tinkerkit: \(file):2: the line is longer than 268435456 bytes, which is the limit\n")
  }

  @Test func isLeftOutWhenAsked() throws {
    let folder = try WorkFolder()
    let file = try longFile(folder, first: Self.record, last: Self.record)
    let outcome = try Tool.run(["render", file, "--keep-going"] + Tool.rendering)
    #expect(outcome.status == 1)
    #expect(Tool.lines(of: outcome.text).count == 2)
    #expect(outcome.messages.contains("\(file):2: the line is longer than"))
    #expect(outcome.messages.contains("3 records, 2 examples"))
  }

  @Test func isAnsweredByTheWorker() throws {
    let folder = try WorkFolder()
    let ping = #"{"op":"ping"}"#
    let file = try longFile(folder, first: ping, last: ping)
    let outcome = try BuiltCommand.shell("tinkerkit worker < \(file)", in: Places.package)
    #expect(outcome.status == 0)
    let replies = try Tool.lines(of: outcome.text).map { try JSONValue.parse($0) }
    #expect(replies.count == 3)
    #expect(replies.map { $0["ok"] != nil } == [true, false, true])
    #expect(replies[1]["line"] == 2)
  }
}
