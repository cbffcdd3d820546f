public import Foundation

/// Where tests find what they read: the package, its fixtures, and what may stand beside it.
public enum Places {
  /// The root folder of the package.
  public static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder `Fixtures`.
  public static let fixtures = package.appending(path: "Fixtures")

  /// The folder of shared goldens: `TINKERKIT_SHARED`, else `../shared` beside the package; nil when absent.
  public static let shared = folder(
    named: "TINKERKIT_SHARED", otherwise: package.appending(path: "../shared"), holding: "golden")

  /// The folder of genuine tokenizers, `NAME/tokenizer.json`: `TINKERKIT_TOKENIZERS`; nil when absent.
  public static let genuineTokenizers = folder(
    named: "TINKERKIT_TOKENIZERS", otherwise: nil, holding: nil)

  /// Why a suite over shared goldens is skipped, and the command that enables it.
  public static let sharedHint =
    "no shared goldens: set TINKERKIT_SHARED=DIR to the folder that holds golden/"

  /// Why a suite over genuine tokenizers is skipped, and the command that enables it.
  public static let genuineTokenizersHint =
    "no genuine tokenizers: shared/tokenizers/unpack.sh DIR, then set TINKERKIT_TOKENIZERS=DIR"

  /// A new empty folder below the temporary one. The caller removes it.
  public static func scratch() throws -> URL {
    let made = FileManager.default.temporaryDirectory
      .appending(path: "tinkerkit-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
    return made
  }

  private static func folder(named variable: String, otherwise: URL?, holding: String?) -> URL? {
    let named = ProcessInfo.processInfo.environment[variable].map { URL(filePath: $0) }
    guard let folder = (named ?? otherwise)?.standardizedFileURL else { return nil }
    let witness = holding.map { folder.appending(path: $0) } ?? folder
    return FileManager.default.fileExists(atPath: witness.path) ? folder : nil
  }
}
