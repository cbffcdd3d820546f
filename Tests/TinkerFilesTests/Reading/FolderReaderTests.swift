import FoundationEssentials
import Testing
import TinkerFiles

@Suite struct FolderReaderTests {
  @Test func onlyFilesBelowTheFolderAreRead() throws {
    let manager = FileManager.default
    let outside = manager.temporaryDirectory.appending(
      path: "folder-reader-\(UInt64.random(in: 0...UInt64.max))")
    let folder = outside.appending(path: "root")
    try manager.createDirectory(
      at: folder.appending(path: "inner"), withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: outside) }
    try Data([1]).write(to: folder.appending(path: "inner/a"))
    try Data([2]).write(to: outside.appending(path: "secret"))
    try Data([3]).write(to: outside.appending(path: "root-secret"))
    try manager.createSymbolicLink(
      at: folder.appending(path: "link"), withDestinationURL: outside.appending(path: "secret"))
    try manager.createSymbolicLink(
      at: folder.appending(path: "good"), withDestinationURL: folder.appending(path: "inner/a"))

    let reader = try FolderReader(root: folder.path())
    #expect(try reader.bytes(of: "inner/a") == [1])
    #expect(try reader.bytes(of: "inner/../good") == [1])
    for path in [
      "../secret", "../root-secret", "link", "inner", "", "missing",
      outside.appending(path: "secret").path(),
    ] {
      #expect(throws: FileError.self) { try reader.bytes(of: path) }
    }
    #expect(throws: FileError.self) { try FolderReader(root: folder.path() + "/inner/a") }
  }
}
