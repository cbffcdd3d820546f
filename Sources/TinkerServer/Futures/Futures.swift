import Synchronization
import TinkerWire

/// The requests that were accepted, and their results.
///
/// Results stay after they were fetched, since an answer can be lost on its way. When they take too much
/// memory, the oldest of those that were fetched go first, then the oldest at all.
final class Futures: Sendable {
  /// How a request ended.
  enum Outcome: Sendable {
    /// A result of a pass or a sample in its protobuf form.
    case pass([UInt8])
    case sample([UInt8])
    /// Any other result.
    case json([UInt8])
    case failed(message: String, category: FailureCategory)

    var byteCount: Int {
      switch self {
      case .pass(let bytes), .sample(let bytes), .json(let bytes): bytes.count
      case .failed(let message, _): message.utf8.count
      }
    }
  }

  /// What is known of a request.
  enum Answer: Sendable {
    case pending
    case ended(Outcome)
    /// It was accepted once, and its result is no longer here.
    case lost
    case unknown
  }

  private struct Entry {
    var outcome: Outcome?
    var isFetched = false
    let bell: Bell
  }

  private struct State {
    var entries: [Int: Entry] = [:]
    /// The ended requests in the order in which they ended.
    var ended: [Int] = []
    var bytes = 0
    var next = 0
  }

  /// The most results, whatever their size.
  private static let maximumCount = 200_000

  private let state = Mutex(State())
  private let mark: String
  private let maximumBytes: Int

  /// An empty table. The mark tells this run of the server from others.
  init(mark: String, maximumBytes: Int) {
    self.mark = mark
    self.maximumBytes = maximumBytes
  }

  /// The id of a new request.
  func add() -> String {
    state.withLock { state in
      state.next += 1
      state.entries[state.next] = Entry(bell: Bell())
      return "\(mark)-\(state.next)"
    }
  }

  /// Ends a request; only the first outcome counts.
  func end(_ id: String, _ outcome: Outcome) {
    guard let number = number(id) else { return }
    let bell = state.withLock { state -> Bell? in
      guard var entry = state.entries[number], entry.outcome == nil else { return nil }
      entry.outcome = outcome
      state.entries[number] = entry
      state.ended.append(number)
      state.bytes += outcome.byteCount
      trim(&state)
      return entry.bell
    }
    bell?.ring()
  }

  private func trim(_ state: inout State) {
    guard state.bytes > maximumBytes || state.ended.count > Self.maximumCount else { return }
    // A little more than needed, so that not every further result walks the table.
    func isFull() -> Bool {
      state.bytes > maximumBytes / 8 * 7 || state.ended.count > Self.maximumCount / 8 * 7
    }
    for onlyFetched in [true, false] where isFull() {
      var kept: [Int] = []
      // The last one stays in any case, or a large result could never be fetched.
      let last = state.ended.last
      for number in state.ended {
        guard isFull(), number != last, let entry = state.entries[number],
          entry.isFetched || !onlyFetched
        else {
          kept.append(number)
          continue
        }
        state.bytes -= entry.outcome?.byteCount ?? 0
        state.entries[number] = nil
      }
      state.ended = kept
    }
  }

  /// The result of a request, waited for at most so long.
  func answer(_ id: String, within limit: Duration) async -> Answer {
    guard let number = number(id) else { return isOurs(id) ? .lost : .unknown }
    let entry = state.withLock { $0.entries[number] }
    guard let entry else { return .lost }
    if entry.outcome == nil { await entry.bell.wait(since: 0, atMost: limit) }
    guard let entry = state.withLock({ $0.entries[number] }) else { return .lost }
    return entry.outcome.map { .ended($0) } ?? .pending
  }

  /// Notes that a result was sent.
  func noteFetched(_ id: String) {
    guard let number = number(id) else { return }
    state.withLock { $0.entries[number]?.isFetched = true }
  }

  /// The number behind an id of this run of the server that was given out.
  private func number(_ id: String) -> Int? {
    guard id.hasPrefix(mark + "-"), let number = Int(id.dropFirst(mark.count + 1)) else {
      return nil
    }
    return state.withLock { number >= 1 && number <= $0.next } ? number : nil
  }

  /// Whether an id looks like one of an earlier run.
  private func isOurs(_ id: String) -> Bool {
    let parts = id.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == "req" && Int(parts[2]) != nil
      && !id.hasPrefix(mark + "-")
  }
}
