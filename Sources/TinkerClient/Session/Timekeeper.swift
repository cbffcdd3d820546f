/// The clock of waits and deadlines; tests run it faster.
package struct Timekeeper: Sendable {
  /// Time since some moment.
  package var now: @Sendable () -> Duration
  /// Waits.
  package var sleep: @Sendable (Duration) async throws -> Void

  package init(
    now: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.now = now
    self.sleep = sleep
  }

  /// The clock of the machine.
  package static let system = Timekeeper(
    now: {
      let clock = ContinuousClock()
      return start.duration(to: clock.now)
    },
    sleep: { try await Task.sleep(for: $0) })

  /// A clock that runs so many times faster.
  package static func faster(_ factor: Double) -> Timekeeper {
    Timekeeper(now: { system.now() * factor }, sleep: { try await system.sleep($0 / factor) })
  }

  private static let start = ContinuousClock.now
}
