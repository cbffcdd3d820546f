/// Finds the leftmost, longest added token in a text, without trying the tokens one by one.
///
/// The contents form a trie in flat arrays, numbered level by level, so that the edges of a state lie
/// side by side. Text is searched for the first byte of a content and read into the trie from there.
struct AddedTokenMatcher: Sendable {
  /// A content that was found.
  struct Match {
    var start: Int
    var end: Int
    var token: Int
  }

  /// The tokens in the order of the contents.
  let tokens: [AddedToken]

  /// The edges of state `s` are `edgeStarts[s]..<edgeStarts[s + 1]`.
  private var edgeStarts: [UInt32] = [0]
  private var labels: [UInt8] = []
  private var targets: [UInt32] = []
  /// For each state the token that ends there, or -1.
  private var endings: [Int32] = []
  /// For each byte the state behind it at the start, or 0.
  private var first = [UInt32](repeating: 0, count: 256)
  /// The first byte of all contents, if it is one and the same; it is `<` nearly always.
  private var onlyFirstByte: UInt8?

  /// Whether there is nothing to find.
  var isEmpty: Bool { tokens.isEmpty }

  /// An automaton for these contents; empty ones match nowhere, and of equal ones the first counts.
  init(_ tokens: [AddedToken], contents: [[UInt8]]) {
    self.tokens = tokens
    let sorted = contents.indices.filter { !contents[$0].isEmpty }.sorted { left, right in
      if contents[left] == contents[right] { return left < right }
      return contents[left].lexicographicallyPrecedes(contents[right])
    }
    // A state is the range of the sorted contents that begin with its bytes, at its depth.
    var states: [(range: Range<Int>, depth: Int)] = [(sorted.indices, 0)]
    var state = 0
    while state < states.count {
      var (range, depth) = states[state]
      endings.append(-1)
      while let index = range.first, contents[sorted[index]].count == depth {
        if endings[state] < 0 { endings[state] = Int32(sorted[index]) }
        range = range.dropFirst()
      }
      while let index = range.first {
        let byte = contents[sorted[index]][depth]
        let end = range.first { contents[sorted[$0]][depth] != byte } ?? range.upperBound
        labels.append(byte)
        targets.append(UInt32(states.count))
        if state == 0 { first[Int(byte)] = UInt32(states.count) }
        states.append((index..<end, depth + 1))
        range = end..<range.upperBound
      }
      edgeStarts.append(UInt32(labels.count))
      state += 1
    }
    let firstBytes = first.indices.filter { first[$0] != 0 }
    if firstBytes.count == 1 { onlyFirstByte = UInt8(firstBytes[0]) }
  }

  /// The next content at or behind a place.
  func next(in text: Span<UInt8>, from start: Int) -> Match? {
    var place = start
    while place < text.count {
      if let onlyFirstByte {
        guard let found = ByteSearchKernel.first(onlyFirstByte, in: text, from: place) else {
          return nil
        }
        place = found
      }
      let state = first[Int(text[place])]
      if state != 0, let match = longest(in: text, at: place, from: state) { return match }
      place &+= 1
    }
    return nil
  }

  private func longest(in text: Span<UInt8>, at start: Int, from state: UInt32) -> Match? {
    var state = Int(state)
    var place = start &+ 1
    var match: Match?
    while true {
      let ending = endings[state]
      if ending >= 0 { match = Match(start: start, end: place, token: Int(ending)) }
      guard place < text.count, let target = step(from: state, by: text[place]) else {
        return match
      }
      state = target
      place &+= 1
    }
  }

  private func step(from state: Int, by byte: UInt8) -> Int? {
    var edge = Int(edgeStarts[state])
    let end = Int(edgeStarts[state &+ 1])
    while edge < end {
      if labels[edge] == byte { return Int(targets[edge]) }
      edge &+= 1
    }
    return nil
  }
}
