import Synchronization

extension Tokenizer {
  /// The ids of many texts, encoded on several cores. The order is that of the texts.
  ///
  /// - Parameters:
  ///   - texts: the texts.
  ///   - addSpecialTokens: whether the file's template is applied to each.
  ///   - addedTokens: which added tokens are recognised inside the texts.
  ///   - workers: the number of threads; `nil` takes one for each core.
  /// - Returns: the ids of each text.
  public func encodeBatch(
    _ texts: [String], addSpecialTokens: Bool = false, addedTokens: AddedTokenMatching = .match,
    workers: Int? = nil
  ) -> [[UInt32]] {
    let wanted = min(max(workers ?? WorkerThreads.coreCount, 1), max(texts.count, 1))
    if wanted == 1 {
      return core.withEncoder { encoder in
        texts.map { text in
          var ids: [UInt32] = []
          encoder.append(
            text.utf8Span, core, to: &ids, addSpecialTokens: addSpecialTokens,
            addedTokens: addedTokens)
          return ids
        }
      }
    }
    let batch = EncodeBatch(core, texts, addSpecialTokens, addedTokens)
    WorkerThreads.run(wanted) { batch.work() }
    return batch.results()
  }
}

/// Texts that several workers encode: a common counter hands them out, the largest first, and each
/// worker keeps its results to itself until it is done.
private final class EncodeBatch: Sendable {
  private typealias Part = (position: Int, ids: [UInt32])

  private let core: TokenizerCore
  private let texts: [String]
  private let addSpecialTokens: Bool
  private let addedTokens: AddedTokenMatching
  private let order: [Int]
  private let next = Atomic<Int>(0)
  private let parts = Mutex<[Part]>([])

  init(
    _ core: TokenizerCore, _ texts: [String], _ addSpecialTokens: Bool,
    _ addedTokens: AddedTokenMatching
  ) {
    self.core = core
    self.texts = texts
    self.addSpecialTokens = addSpecialTokens
    self.addedTokens = addedTokens
    let sizes = texts.map(\.utf8.count)
    order = texts.indices.sorted { sizes[$0] > sizes[$1] }
  }

  /// Encodes texts until none is left.
  func work() {
    let mine = core.withEncoder { encoder in
      var mine: [Part] = []
      while true {
        let turn = next.add(1, ordering: .relaxed).oldValue
        guard turn < order.count else { return mine }
        let position = order[turn]
        var ids: [UInt32] = []
        encoder.append(
          texts[position].utf8Span, core, to: &ids, addSpecialTokens: addSpecialTokens,
          addedTokens: addedTokens)
        mine.append((position, ids))
      }
    }
    parts.withLock { $0.append(contentsOf: mine) }
  }

  /// The ids of every text, in the order of the texts.
  func results() -> [[UInt32]] {
    var results = [[UInt32]](repeating: [], count: texts.count)
    for part in parts.withLock({ $0 }) { results[part.position] = part.ids }
    return results
  }
}
