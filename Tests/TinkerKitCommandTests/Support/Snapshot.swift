import Foundation
import TestSupport
import Testing

/// Texts that a test compares with a committed file. `TINKERKIT_RECORD=1 swift test` writes the files
/// anew; the difference is then read by whoever commits it.
enum Snapshot {
  static func check(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = Places.package.appending(path: "Tests/TinkerKitCommandTests/Snapshots/\(name).txt")
    if ProcessInfo.processInfo.environment["TINKERKIT_RECORD"] == "1" {
      try Data(text.utf8).write(to: file)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    guard text != expected else { return }
    let difference = zip(text.split(separator: "\n"), expected.split(separator: "\n"))
      .first { $0 != $1 }
    Issue.record(
      """
      \(name) changed; first: \(difference?.0 ?? "(length)"), was: \(difference?.1 ?? "(length)"). \
      TINKERKIT_RECORD=1 swift test writes it anew.
      """, sourceLocation: sourceLocation)
  }
}
