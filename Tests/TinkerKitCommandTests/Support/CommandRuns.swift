import Foundation
import TestSupport
import TinkerJSON

/// The fixtures that most tests of the command use, and short ways to run it.
enum Tool {
  static let qwen3 = ["-t", "Fixtures/tokenizers/tiny-qwen3"]
  static let rendering = qwen3 + ["-r", "qwen3"]
  static let demo = "Fixtures/conversations/demo.jsonl"

  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> BuiltCommand.Outcome {
    try BuiltCommand.run(arguments, input: Data(input.utf8), environment: environment)
  }

  /// The replies of a worker, one for each line.
  static func worker(_ options: [String], lines: [String]) throws -> [JSONValue] {
    let outcome = try run(["worker"] + options, input: lines.joined(separator: "\n"))
    return try Self.lines(of: outcome.text).map { try JSONValue.parse($0) }
  }

  static func lines(of text: String) -> [String] {
    text.split(separator: "\n").map { String($0) }
  }
}

/// A folder of one test, removed with it.
final class WorkFolder {
  private let folder: URL

  init() throws { folder = try Places.scratch() }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var path: String { folder.path }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(Data(text.utf8), to: name)
  }

  @discardableResult
  func write(_ bytes: Data, to name: String) throws -> String {
    try bytes.write(to: folder.appending(path: name))
    return path(name)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// The names in the folder, hidden ones included.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }
}
