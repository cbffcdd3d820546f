/// Turns a piece into symbols, character by character: for models that do not work on bytes, or that
/// do not know every byte.
struct CharacterSymbols: Sendable {
  private(set) var ids: [UInt32] = []
  /// For each symbol the number of bytes of the model's text that it stands for.
  private(set) var lengths: [Int] = []
  private var pending: (id: UInt32, length: Int)?
  private var key: [UInt8] = []

  /// Reads a piece of the model's text: characters of the byte alphabet in byte-level use.
  mutating func read(_ text: Span<UInt8>, _ model: borrowing BytePairModel) {
    ids.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    pending = nil
    var start = 0
    while let (_, length) = text.scalar(at: start) {
      key.removeAll(keepingCapacity: true)
      if start > 0 { key.append(contentsOf: model.prefix) }
      for index in start..<start + length { key.append(text[index]) }
      if start + length == text.count { key.append(contentsOf: model.suffix) }
      add(model, length)
      start += length
    }
    flush()
  }

  private mutating func add(_ model: borrowing BytePairModel, _ length: Int) {
    // The reference counts the character alone, also where prefix or suffix were looked up with it.
    if let id = model.vocabulary.id(ofText: key.span) {
      flush()
      append(id, length)
    } else if !appendFallback(model) {
      guard let unknown = model.unknownID else { return }
      if let (id, held) = pending {
        if model.fusesUnknown {
          pending = (id, held + length)
          return
        }
        append(id, held)
      }
      pending = (unknown, length)
    }
  }

  /// Appends the bytes of the character as `<0xXX>`, if the vocabulary has all of them. What is
  /// pending stays so and comes out behind them, as in the reference.
  private mutating func appendFallback(_ model: borrowing BytePairModel) -> Bool {
    guard let table = model.fallbackIDs,
      key.allSatisfy({ table[Int($0)] != BytePairModel.noID })
    else { return false }
    for byte in key { append(table[Int(byte)], 1) }
    return true
  }

  private mutating func flush() {
    guard let (id, length) = pending else { return }
    append(id, length)
    pending = nil
  }

  private mutating func append(_ id: UInt32, _ length: Int) {
    ids.append(id)
    lengths.append(length)
  }
}
