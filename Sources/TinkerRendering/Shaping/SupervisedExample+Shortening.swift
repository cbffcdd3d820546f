/// What stays whole when a long example is shortened.
enum ShorteningUnit {
  /// Each target: all that is trained of a message, its stop token with it.
  case target
  /// Each turn: a user's message and everything up to the next user's.
  case turn
}

extension SupervisedExample {
  /// Where an example may end so that it fits and is still worth training: behind the last target
  /// that is whole.
  ///
  /// What stands behind a target teaches nothing, so it goes too. A target without its stop token is
  /// no end, because a model that is trained on it learns to go on.
  ///
  /// - Returns: The number of positions that stay, or `nil` if nothing that is trained fits.
  func shortenedCount(
    limit: Int, whole unit: ShorteningUnit, of messages: [Message], stops: [UInt32]
  ) -> Int? {
    var best: Int?
    // The target that ends last in the present turn, and how far everything reaches so far.
    var open: (message: Int, end: Int, isStopped: Bool)?
    var turnBest: Int?
    var reached = 0
    func close(_ target: (message: Int, end: Int, isStopped: Bool)?) {
      guard let target, target.isStopped else { return }
      turnBest = target.end
    }
    var previous: Int?
    for segment in segments where !segment.range.isEmpty {
      if let message = segment.message, message != previous {
        close(open)
        open = nil
        if unit == .target || Self.beginsTurn(message, messages), let end = turnBest {
          // Everything of the unit reaches up to here.
          let needed = unit == .target ? end : reached
          if needed <= limit { best = end }
          turnBest = nil
        }
        previous = message
      }
      reached = segment.range.upperBound
      if segment.weight > 0, let message = segment.message {
        let last = tokens[segment.range.upperBound - 1]
        let isStop = segment.kind == .stop || stops.contains(last)
        open = (message, segment.range.upperBound, isStop || open?.isStopped == true)
      }
    }
    close(open)
    if let end = turnBest, (unit == .target ? end : reached) <= limit { best = end }
    return best
  }

  private static func beginsTurn(_ message: Int, _ messages: [Message]) -> Bool {
    message < messages.count && messages[message].role == Role.user
  }

  /// Keeps the first positions; the count is the end of a segment.
  mutating func shorten(to count: Int) {
    guard count < tokens.count else { return }
    tokens.removeSubrange(count...)
    segments.removeAll {
      $0.range.upperBound > count || ($0.range.isEmpty && $0.range.lowerBound == count)
    }
    images.removeSubrange(min(images.count, segments.count { $0.kind == .image })...)
  }
}
