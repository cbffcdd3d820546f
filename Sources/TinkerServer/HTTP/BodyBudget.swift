import Synchronization

/// The memory for bodies that come in, over all connections.
final class BodyBudget: Sendable {
  /// The most bytes of one body.
  let largest: Int
  private let total: Int
  private let used = Mutex(0)

  init(largest: Int, total: Int) {
    self.largest = largest
    self.total = total
  }

  fileprivate func take(_ bytes: Int) throws(Refusal) {
    let isThere = used.withLock { used in
      guard used + bytes <= total else { return false }
      used += bytes
      return true
    }
    guard isThere else {
      throw Refusal(
        429, "bodies of \(total >> 20) MiB are coming in; there is no room for more",
        retryAfter: 1)
    }
  }

  fileprivate func give(_ bytes: Int) { used.withLock { $0 -= bytes } }
}

/// What one body takes of the memory, given back when it ends or goes.
final class BodyShare: Sendable {
  private let budget: BodyBudget
  private let taken = Mutex(0)

  init(_ budget: BodyBudget) { self.budget = budget }

  deinit { end() }

  /// - Throws: A refusal with status 413 for a body that is too large, or 429 for want of room.
  func grow(to bytes: Int) throws(Refusal) {
    guard bytes <= budget.largest else {
      throw Refusal(413, "the body is larger than \(budget.largest) bytes")
    }
    let more = taken.withLock { max(0, bytes - $0) }
    try budget.take(more)
    taken.withLock { $0 += more }
  }

  func end() {
    let bytes = taken.withLock { taken in
      defer { taken = 0 }
      return taken
    }
    budget.give(bytes)
  }
}
