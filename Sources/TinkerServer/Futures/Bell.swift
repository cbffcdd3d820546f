import Synchronization

/// Wakes all who wait for something to happen.
final class Bell: Sendable {
  private struct State {
    var rings = 0
    var next = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    /// Waiters that were woken before they had begun to wait.
    var early: Set<Int> = []
  }

  private let state = Mutex(State())

  /// How often it has rung.
  var rings: Int { state.withLock { $0.rings } }

  /// Wakes everybody.
  func ring() {
    let waiters = state.withLock { state in
      state.rings += 1
      defer { state.waiters = [:] }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// Returns when it rings, when the time is over, or when the task is cancelled; at once if it has rung
  /// more than `rings` times.
  func wait(since rings: Int, atMost limit: Duration) async {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    let timer = Task { [self] in
      try? await Task.sleep(for: limit)
      wake(id)
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.rings > rings || state.early.contains(id) { return true }
          state.waiters[id] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      wake(id)
    }
    timer.cancel()
    state.withLock { _ = $0.early.remove(id) }
  }

  private func wake(_ id: Int) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if let waiter = state.waiters.removeValue(forKey: id) { return waiter }
      state.early.insert(id)
      return nil
    }
    waiter?.resume()
  }
}
