import Synchronization

/// A pool of bytes or places that bounds what happens at a time.
///
/// A pool of bytes lets the next in while its balance is not negative, so one thing that is larger than
/// the pool is always let in. Those who wait are let in in the order in which they came.
final class Budget: Sendable {
  private struct State {
    var balance: Int
    var nextWaiter: UInt64 = 0
    var waiters: [(id: UInt64, amount: Int, continuation: CheckedContinuation<Void, any Error>)] =
      []
    var cancelled: Set<UInt64> = []
  }

  private static let largest = 1 << 40

  private let lowest: Int
  private let state: Mutex<State>

  /// A pool of bytes.
  init(bytes: Int) {
    lowest = 0
    state = Mutex(State(balance: bytes))
  }

  /// A pool of places: each taker takes one, and none is lent.
  init(places: Int) {
    lowest = 1
    state = Mutex(State(balance: places))
  }

  /// Does work that takes a part of the pool, which is given back afterwards.
  func with<Value>(
    _ amount: Int = 1, isolation: isolated (any Actor)? = #isolation,
    _ work: () async throws -> Value
  ) async throws -> Value {
    // Sizes come from the server, too.
    let amount = max(0, min(amount, Self.largest))
    try await take(amount)
    defer { giveBack(amount) }
    return try await work()
  }

  /// Waits until a part of the pool can be taken, and takes it.
  private func take(_ amount: Int) async throws {
    let id: UInt64? = state.withLock { state in
      if state.waiters.isEmpty, state.balance >= lowest {
        state.balance -= amount
        return nil
      }
      state.nextWaiter += 1
      return state.nextWaiter
    }
    guard let id else { return }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isCancelled = state.withLock { state in
          if state.cancelled.remove(id) != nil { return true }
          state.waiters.append((id, amount, continuation))
          return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) } else { letIn() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil as CheckedContinuation<Void, any Error>?
        }
        return state.waiters.remove(at: index).continuation
      }
      waiter?.resume(throwing: CancellationError())
    }
    state.withLock { _ = $0.cancelled.remove(id) }
  }

  /// Gives a part back.
  private func giveBack(_ amount: Int) {
    state.withLock { $0.balance += amount }
    letIn()
  }

  private func letIn() {
    while let next = state.withLock({ state -> CheckedContinuation<Void, any Error>? in
      guard let first = state.waiters.first, state.balance >= lowest else { return nil }
      state.balance -= first.amount
      state.waiters.removeFirst()
      return first.continuation
    }) {
      next.resume()
    }
  }
}
