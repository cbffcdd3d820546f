import Foundation
import Testing
import TinkerFiles

@Suite struct OutputFileTests {
  @Test func appearsOnlyWhenCommitted() throws {
    let scratch = try Scratch()
    var output = try OutputFile(path: scratch.path("out"), interruption: Interruption())
    try output.write("one\n")
    #expect(try !scratch.names().contains("out"))
    let long = [UInt8](repeating: 0x61, count: 500_000)
    try output.write(long.span)
    #expect(output.writtenBytes == 500_004)
    try output.commit()
    #expect(try scratch.names() == ["out"])
    #expect(try scratch.read("out") == Array("one\n".utf8) + long)
  }

  @Test(arguments: [true, false])
  func leavesTheOldFileWhenGivenUp(isGuarded: Bool) throws {
    let scratch = try Scratch()
    _ = try scratch.write([1], to: "out")
    func begin() throws {
      var output = try OutputFile(
        path: scratch.path("out"), interruption: isGuarded ? Interruption() : nil)
      try output.write("half")
      try output.flush()
      #expect(try scratch.names().count == 2)
    }
    try begin()
    #expect(try scratch.names() == ["out"])
    #expect(try scratch.read("out") == [1])
  }

  @Test func keepsPermissionsAndLinks() throws {
    let scratch = try Scratch()
    let path = try scratch.write([1], to: "real")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("link"), withDestinationPath: path)
    var output = try OutputFile(path: scratch.path("link"))
    try output.write("new")
    try output.commit()
    #expect(try scratch.names() == ["link", "real"])
    #expect(try scratch.read("real") == Array("new".utf8))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
  }

  @Test func writesDevicesInPlace() throws {
    var output = try OutputFile(path: "/dev/null")
    try output.write("gone")
    try output.commit()
    let attributes = try FileManager.default.attributesOfItem(atPath: "/dev/null")
    #expect(attributes[.type] as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test func saysWhyItCannotBegin() throws {
    let scratch = try Scratch()
    #expect(throws: FileError.cannotWrite(path: scratch.path, reason: "it is a directory")) {
      _ = try OutputFile(path: scratch.path)
    }
    let missing = scratch.path("no/such/folder/out")
    #expect(throws: FileError.cannotWrite(path: missing, reason: "No such file or directory")) {
      _ = try OutputFile(path: missing)
    }
  }
}
