import TinkerTokenizer

/// The text of a completion as its tokens arrive: it ends before a stop text, and what may be the
/// beginning of one is held back.
struct AnswerText: Sendable {
  private let stops: [[UInt8]]
  private let ends: Set<UInt32>
  private var decoder: DecodeStream
  private var held: [UInt8] = []
  private var isOver = false

  /// - Parameters:
  ///   - tokenizer: Decodes.
  ///   - stops: The texts that end the answer.
  ///   - ends: The tokens that end the answer.
  init(_ tokenizer: Tokenizer, stops: [String], ends: [UInt32]) {
    self.stops = stops.map { Array($0.utf8) }
    self.ends = Set(ends)
    decoder = tokenizer.makeDecodeStream()
  }

  /// The text that a token completes; empty if it is held back.
  mutating func feed(_ token: UInt32) -> String {
    guard !isOver, !ends.contains(token) else {
      isOver = true
      return ""
    }
    guard let piece = try? decoder.step(token) else { return "" }
    held += Array(piece.utf8)
    if let start = firstStop() {
      isOver = true
      defer { held = [] }
      return String(decoding: held[..<start], as: UTF8.self)
    }
    let keep = heldBack()
    let text = String(decoding: held[..<(held.count - keep)], as: UTF8.self)
    held.removeFirst(held.count - keep)
    return text
  }

  /// What was held back at the end.
  mutating func finish() -> String {
    guard !isOver else { return "" }
    isOver = true
    let rest = held + Array((decoder.flush() ?? "").utf8)
    held = []
    return String(decoding: rest, as: UTF8.self)
  }

  private func firstStop() -> Int? {
    held.indices.first { start in stops.contains { held[start...].starts(with: $0) } }
  }

  /// The bytes at the end that a stop text may begin with.
  private func heldBack() -> Int {
    let longest = (stops.map(\.count).max() ?? 1) - 1
    for count in stride(from: min(longest, held.count), to: 0, by: -1)
    where stops.contains(where: { $0.starts(with: held.suffix(count)) }) {
      return count
    }
    return 0
  }
}
