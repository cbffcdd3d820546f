import Foundation
import TestSupport

/// The built command at work, which can be killed.
final class ServedProcess: Sendable {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let url: String
  private let process: Process

  /// Starts `tinkerkit serve-local` and waits until it tells its address.
  init(_ arguments: [String]) throws {
    let scratch = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let messages = scratch.appending(path: "messages")
    try Data().write(to: messages)
    process = Process()
    process.executableURL = BuiltCommand.products.appending(path: "tinkerkit")
    process.arguments = ["serve-local", "--port", "0"] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: messages)
    try process.run()
    var text = ""
    for _ in 0..<600 {
      text = try String(contentsOf: messages, encoding: .utf8)
      if text.contains("TINKER_API_KEY") || !process.isRunning { break }
      Thread.sleep(forTimeInterval: 0.05)
    }
    guard let line = text.split(separator: "\n").first(where: { $0.contains("TINKER_BASE_URL=") }),
      let address = line.split(separator: "=").last
    else {
      process.terminate()
      throw Failure(description: text)
    }
    url = String(address)
  }

  /// Ends it at once, as a failing machine does.
  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// The memory that it holds, in bytes; 0 where the system does not tell.
  var residentBytes: Int {
    let path = "/proc/\(process.processIdentifier)/statm"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let fields = text.split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
  }

  deinit { kill() }
}
