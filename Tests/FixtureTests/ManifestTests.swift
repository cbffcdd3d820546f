import Foundation
import TestSupport
import Testing
import TinkerFiles
import TinkerJSON

/// The fixtures are what the manifest says, so a golden cannot drift from the input it was made of.
@Suite struct ManifestTests {
  @Test func everyFileIsTheOneThatWasMade() throws {
    let file = Places.fixtures.appending(path: "MANIFEST.json")
    let manifest = try JSONValue.parse([UInt8](Data(contentsOf: file)))
    guard case .object(let members) = manifest, case .object(let sums)? = members["sha256"] else {
      Issue.record("MANIFEST.json has no object `sha256`")
      return
    }
    var listed: Set<String> = []
    for (name, sum) in sums {
      let name = name.text ?? ""
      listed.insert(name)
      let digest = try SHA256.digest(ofFile: Places.fixtures.appending(path: name).path)
      if sum != .string(JSONString(digest)) {
        Issue.record(
          "\(name) has changed: make the goldens again, or run Scripts/fixtures/make_manifest.py")
      }
    }
    #expect(listed.count > 40)

    // Files that Python or a system leaves about are nobody's fixtures.
    let root = Places.fixtures.standardizedFileURL.path + "/"
    let walk = FileManager.default.enumerator(at: Places.fixtures, includingPropertiesForKeys: nil)
    while let found = walk?.nextObject() as? URL {
      guard !found.hasDirectoryPath, !found.lastPathComponent.hasPrefix("."),
        !["MANIFEST.json", "README.md"].contains(found.lastPathComponent)
      else { continue }
      let name = String(found.standardizedFileURL.path.dropFirst(root.count))
      if !listed.contains(name) {
        Issue.record("\(name) is not in MANIFEST.json; run Scripts/fixtures/make_manifest.py")
      }
    }
  }
}
