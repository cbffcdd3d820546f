public import Foundation

/// The command that was built with these tests.
public enum BuiltCommand {
  /// What one run printed, and how it ended.
  public struct Outcome: Sendable {
    /// The exit status.
    public var status: Int32
    /// Everything on standard output.
    public var output: Data
    /// Everything on standard error, as text.
    public var messages: String

    /// Standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// The folder that holds the built products.
  public static var products: URL {
    #if os(Linux)
      URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    #else
      (Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? Bundle.main).bundleURL
        .deletingLastPathComponent()
    #endif
  }

  /// Runs a built program to its end.
  ///
  /// - Parameters:
  ///   - product: the program's name.
  ///   - arguments: what follows the name of the command.
  ///   - input: what it reads from standard input.
  ///   - directory: the working folder; the package's root unless given.
  ///   - environment: variables to add to those of the test.
  /// - Returns: what it printed, and how it ended.
  /// - Throws: when the process cannot be started.
  public static func run(
    product: String = "tinkerkit", _ arguments: [String], input: Data = Data(),
    in directory: URL = Places.package, environment: [String: String] = [:]
  ) throws -> Outcome {
    try launch(
      products.appending(path: product), arguments, input: input, in: directory,
      environment: environment)
  }

  /// Runs a shell script with the built command on its path.
  ///
  /// - Throws: when the shell cannot be started.
  public static func shell(_ script: String, in directory: URL) throws -> Outcome {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try launch(
      URL(filePath: "/bin/sh"), ["-eu", "-c", script], input: Data(), in: directory,
      environment: ["PATH": "\(products.path):\(path)"])
  }

  private static func launch(
    _ program: URL, _ arguments: [String], input: Data, in directory: URL,
    environment: [String: String]
  ) throws -> Outcome {
    // Files instead of pipes: nothing can fill up, so no thread has to feed or drain.
    let scratch = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let files = ["in", "out", "err"].map { scratch.appending(path: $0) }
    try input.write(to: files[0])
    try Data().write(to: files[1])
    try Data().write(to: files[2])

    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try Data(contentsOf: files[1]),
      messages: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }
}
