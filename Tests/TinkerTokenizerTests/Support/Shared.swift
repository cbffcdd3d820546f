import Foundation
import TinkerJSON

/// Where the shared goldens and the genuine tokenizers lie, if they are there.
enum Shared {
  /// `TINKERKIT_SHARED`, or the folder `shared` beside the package.
  static let root: URL? = {
    let environment = ProcessInfo.processInfo.environment
    let package = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let root =
      environment["TINKERKIT_SHARED"].map { URL(filePath: $0) }
      ?? package.deletingLastPathComponent().appending(path: "shared")
    let golden = root.appending(path: "golden/tokenizers/texts.jsonl")
    return FileManager.default.fileExists(atPath: golden.path()) ? root : nil
  }()

  /// `TINKERKIT_TOKENIZERS`: a folder with a folder for each tokenizer.
  static let tokenizers: URL? = ProcessInfo.processInfo.environment["TINKERKIT_TOKENIZERS"]
    .map { URL(filePath: $0) }

  static let canRunGoldens = root != nil && tokenizers != nil

  static let howToRunGoldens =
    "needs the shared goldens and tokenizers: TINKERKIT_SHARED=… TINKERKIT_TOKENIZERS=… swift test"

  /// The lines of a golden file.
  static func goldens(_ name: String) throws -> [JSONObject] {
    guard let root else { return [] }
    let path = root.appending(path: "golden/tokenizers/\(name).jsonl")
    let bytes = [UInt8](try Data(contentsOf: path))
    return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      guard case .object(let object) = try JSONValue.parse(Array(line)) else {
        throw GoldenError.notAnObject(name)
      }
      return object
    }
  }

  enum GoldenError: Error {
    case notAnObject(String)
    case wrongType(String)
  }
}

extension JSONObject {
  func text(_ key: String) throws -> String {
    guard case .string(let string)? = self[key], let text = string.text else {
      throw Shared.GoldenError.wrongType(key)
    }
    return text
  }

  func integers(_ key: String) -> [Int]? {
    guard case .array(let values)? = self[key] else { return nil }
    return values.compactMap { if case .number(.integer(let number)) = $0 { number } else { nil } }
  }

  func ids(_ key: String) -> [UInt32]? { integers(key)?.map { UInt32($0) } }
}
