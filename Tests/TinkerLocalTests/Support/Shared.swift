import Foundation
import TestSupport
import Testing
import TinkerJSON

/// The reference data of the engine.
enum Shared {
  static let engine = (Places.shared?.path ?? "") + "/golden/engine"
  static let isPresent = FileManager.default.fileExists(atPath: engine + "/SCHEMA.md")
  static let reason = Comment(rawValue: Places.sharedHint)

  /// The rows of a JSONL file of the engine's reference data.
  static func rows(_ name: String) throws -> [JSONValue] {
    try jsonLines(URL(filePath: engine + "/" + name))
  }
}

extension JSONValue {
  subscript(at key: String) -> JSONValue { object?[key] ?? .null }

  var ints: [Int] { array?.compactMap(\.int) ?? [] }
  var doubles: [Double] { array?.compactMap(\.double) ?? [] }
  var tokens: [UInt32] { ints.map { UInt32($0) } }
  /// All numbers of nested arrays in order.
  var flat: [Double] { array?.flatMap { $0.array == nil ? [$0.double ?? .nan] : $0.flat } ?? [] }
}
