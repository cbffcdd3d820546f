import ArgumentParser
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs a command that waits for the network while the main thread sleeps.
///
/// The main function stays synchronous for the sake of all other commands: an asynchronous one starts
/// threads before `Interruption` has told the process which signals it takes.
enum AsyncRun {
  static func wait(for command: sending any AsyncParsableCommand) throws {
    var command = command
    try wait { try await command.run() }
  }

  /// Runs work to its end.
  static func wait(_ work: sending @escaping () async throws -> Void) throws {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else {
      throw CommandFailure(.badInput, "no pipe can be made (error \(errno))")
    }
    let done = ends[1]
    let failure = Failure()
    Task {
      do { try await work() } catch { failure.set(error) }
      close(done)
    }
    // The read ends when the task closes the other end.
    var byte: UInt8 = 0
    while unsafe read(ends[0], &byte, 1) < 0, errno == EINTR {}
    close(ends[0])
    if let error = failure.error { throw error }
  }

  /// What the command failed with.
  private final class Failure: Sendable {
    private let state = Mutex<(any Error)?>(nil)
    var error: (any Error)? { state.withLock { $0 } }
    func set(_ error: any Error) { state.withLock { $0 = error } }
  }
}
