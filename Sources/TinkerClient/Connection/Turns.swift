import Synchronization

/// An order in which things happen, taken at once and awaited later.
///
/// Tickets are numbered in the order of the calls; a ticket's turn comes when all tickets before it are
/// done.
final class Turns: Sendable {
  private struct State {
    var nextTicket = 0
    /// Every ticket below this one is done.
    var current = 0
    var done: Set<Int> = []
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  /// The next ticket.
  func takeTicket() -> Int {
    state.withLock { state in
      defer { state.nextTicket += 1 }
      return state.nextTicket
    }
  }

  /// Returns when all tickets before this one are done. Cancellation does not end the wait, because a
  /// turn that is left out would block those behind it.
  func turn(of ticket: Int) async {
    await withCheckedContinuation { continuation in
      let isNow = state.withLock { state in
        if state.current >= ticket { return true }
        state.waiters[ticket] = continuation
        return false
      }
      if isNow { continuation.resume() }
    }
  }

  /// Ends a turn; a ticket may be ended before its turn has come.
  func end(_ ticket: Int) {
    let waiter = state.withLock { state in
      state.done.insert(ticket)
      while state.done.remove(state.current) != nil { state.current += 1 }
      return state.waiters.removeValue(forKey: state.current)
    }
    waiter?.resume()
  }
}
