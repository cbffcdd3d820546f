import Synchronization
import TinkerFiles

/// What a run makes of signals: the first one stops it in order, a second one ends the process.
///
/// It is made before anything else, because the engine starts threads, and threads that began before would
/// take the signals in their own way.
final class RunSignals: Sendable {
  private let stop = Mutex<(@Sendable () -> Void)?>(nil)

  init() {
    Interruption().listen { [self] in
      guard let stop = stop.withLock({ $0 }) else { return false }
      Terminal.writeMessage(
        "\ntinkerkit: finishing the steps that have begun; once more to end at once\n")
      stop()
      return true
    }
  }

  /// Runs work that the first signal cancels.
  func perform(_ work: @escaping @Sendable () async throws -> Void) throws {
    try AsyncRun.wait { @Sendable [self] in
      let task = Task { try await work() }
      stop.withLock { $0 = { task.cancel() } }
      try await task.value
    }
  }
}
