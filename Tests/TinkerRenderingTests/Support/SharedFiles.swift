import FoundationEssentials
import TinkerJSON
import TinkerTokenizer

/// Material outside the package, where it is present.
enum SharedFiles {
  /// The folder of goldens and specifications: `TINKERKIT_SHARED`, or `shared` beside the package.
  static let folder: String? = {
    if let given = ProcessInfo.processInfo.environment["TINKERKIT_SHARED"] { return given }
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(5)
    let beside = parts.joined(separator: "/") + "/shared"
    return FileManager.default.fileExists(atPath: beside + "/golden") ? beside : nil
  }()

  /// The folder of genuine tokenizers, one folder each: `TINKERKIT_TOKENIZERS`.
  static let tokenizers = ProcessInfo.processInfo.environment["TINKERKIT_TOKENIZERS"]

  /// Whether golden suites can run.
  static var arePresent: Bool { folder != nil && tokenizers != nil }

  /// The rows of a file of JSON lines.
  static func rows(_ path: String) throws -> [JSONValue] {
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONValue.parse(Array($0)) }
  }

  /// A genuine tokenizer.
  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(contentsOf: (tokenizers ?? "") + "/" + name)
  }
}
