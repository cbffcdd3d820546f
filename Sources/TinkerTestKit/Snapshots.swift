public import TinkerRendering
import TinkerTokenizer

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Expects that a conversation renders as it did when its snapshot was taken: tokens, weights and
/// segments, as a text that a reviewer can read.
///
/// The snapshot is `NAME.txt` in the folder `Snapshots` beside the test's file. With the environment
/// variable `TINKERKIT_RECORD=1` it is written anew; the difference is then read by whoever commits it.
///
/// - Parameters:
///   - messages: The conversation.
///   - renderer: The renderer under test.
///   - trainOn: Which messages are trained.
///   - name: The name of the snapshot.
///   - file: The test's file, which is known by itself.
///   - isRecording: Whether the snapshot is written; `nil` to ask the environment.
/// - Throws: ``AlignmentFailure`` with the first line that differs; `RenderingError` when the renderer
///   refuses the conversation; what writing throws.
public func expectSnapshot(
  of messages: [Message], renderer: Renderer, trainOn: TrainOn = .allAssistantMessages,
  named name: String, file: String = #filePath,
  isRecording: Bool? = nil
) throws {
  let example = try renderer.supervisedExample(for: messages, trainOn: trainOn)
  let text = SnapshotText.text(of: example, renderer)
  let folder =
    file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/Snapshots"
  let path = "\(folder)/\(name).txt"
  let asked = ProcessInfo.processInfo.environment["TINKERKIT_RECORD"] == "1"
  if isRecording ?? asked {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
    return
  }
  guard let bytes = FileManager.default.contents(atPath: path) else {
    throw AlignmentFailure(
      ["there is no snapshot \(path); TINKERKIT_RECORD=1 in the environment writes it"])
  }
  let expected = String(decoding: bytes, as: UTF8.self)
  if expected.utf8.elementsEqual(text.utf8) { return }
  throw AlignmentFailure(SnapshotText.difference(expected: expected, found: text, name: name))
}

/// The readable form of an example: a line for each segment, its ids below.
enum SnapshotText {
  static func text(of example: SupervisedExample, _ renderer: Renderer) -> String {
    let trained = example.weights.count { $0 > 0 }
    var lines = ["\(renderer.name): \(example.tokens.count) tokens, \(trained) trained"]
    for segment in example.segments where !segment.range.isEmpty {
      let message = segment.message.map { "message \($0)" } ?? "no message"
      let tokens = Array(example.tokens[segment.range])
      let text =
        segment.kind == .image
        ? "\(tokens.count) positions" : renderer.tokenizer.decode(tokens).debugDescription
      lines.append("\(message), \(segment.kind.rawValue), weight \(segment.weight): \(text)")
      if segment.kind != .image {
        lines.append("  " + tokens.map { String($0) }.joined(separator: " "))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func difference(expected: String, found: String, name: String) -> [String] {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = found.split(separator: "\n", omittingEmptySubsequences: false)
    var line = 0
    while line < old.count, line < new.count, old[line].utf8.elementsEqual(new[line].utf8) {
      line += 1
    }
    return [
      "the snapshot \(name) differs from line \(line + 1) on",
      "expected: \(line < old.count ? String(old[line]) : "the end")",
      "found:    \(line < new.count ? String(new[line]) : "the end")",
      "TINKERKIT_RECORD=1 in the environment writes it anew",
    ]
  }
}
