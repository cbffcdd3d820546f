/// The pause before the next poll. A server that holds polls is asked again at once; one that answers at
/// once is not hammered.
struct PollPacing: Sendable {
  private static let shortest = Duration.milliseconds(50)
  private static let longest = Duration.seconds(1)

  private var pause = PollPacing.shortest

  /// The pause after an answer that took so long.
  mutating func next(afterPollOf duration: Duration) -> Duration {
    guard duration < Self.longest else {
      pause = Self.shortest
      return .zero
    }
    defer { pause = min(pause * 2, Self.longest) }
    return max(.zero, pause - duration)
  }
}
