import TinkerJSON

/// Finding, cutting and stripping.
extension TracedText {
  /// The first place of bytes at or behind `start`.
  func firstPlace(of pattern: [UInt8], from start: Int = 0, to end: Int? = nil) -> Int? {
    let end = min(end ?? bytes.count, bytes.count)
    if start > end || end - start < pattern.count { return nil }
    guard let first = pattern.first else { return start }
    var index = start
    while index + pattern.count <= end {
      if bytes[index] == first, bytes[index..<index + pattern.count].elementsEqual(pattern) {
        return index
      }
      index += 1
    }
    return nil
  }

  /// The last place of bytes that end at or before `end`.
  func lastPlace(of pattern: [UInt8], from start: Int = 0, to end: Int? = nil) -> Int? {
    let end = min(end ?? bytes.count, bytes.count)
    var index = end - pattern.count
    while index >= start {
      if bytes[index..<index + pattern.count].elementsEqual(pattern) { return index }
      index -= 1
    }
    return nil
  }

  /// How often bytes stand in the text without overlap.
  func occurrences(of pattern: [UInt8]) -> Int {
    if pattern.isEmpty { return scalarCount + 1 }
    var count = 0
    var index = 0
    while let place = firstPlace(of: pattern, from: index) {
      count += 1
      index = place + pattern.count
    }
    return count
  }

  /// The text with a pattern replaced, at most `limit` times.
  func replacing(_ pattern: [UInt8], with text: TracedText, limit: Int = .max) -> TracedText {
    var out = TracedText()
    var left = limit
    if pattern.isEmpty {
      var index = 0
      for start in scalarStarts {
        out.append(self[index..<start])
        index = start
        if left > 0 {
          out.append(text)
          left -= 1
        }
      }
      return out
    }
    var index = 0
    while left > 0, let place = firstPlace(of: pattern, from: index) {
      out.append(self[index..<place])
      out.append(text)
      index = place + pattern.count
      left -= 1
    }
    out.append(self[index..<count])
    return out
  }

  /// Cuts the text at a separator, at most `limit` times.
  func split(at separator: [UInt8], limit: Int = .max) -> [TracedText] {
    var out: [TracedText] = []
    var index = 0
    while out.count < limit, let place = firstPlace(of: separator, from: index) {
      out.append(self[index..<place])
      index = place + separator.count
    }
    return out + [self[index..<count]]
  }

  /// Cuts the text at a separator from behind, at most `limit` times.
  func splitFromEnd(at separator: [UInt8], limit: Int = .max) -> [TracedText] {
    var out: [TracedText] = []
    var end = count
    while out.count < limit, let place = lastPlace(of: separator, to: end) {
      out.append(self[place + separator.count..<end])
      end = place
    }
    return (out + [self[0..<end]]).reversed()
  }

  /// Cuts the text at runs of white space, at most `limit` times; `fromEnd`, the first ones stay.
  func words(limit: Int = .max, fromEnd: Bool = false) -> [TracedText] {
    var words: [Range<Int>] = []
    var start: Int?
    var index = 0
    while index < count {
      let next = scalar(at: index)
      if PythonText.isSpace(next.scalar) {
        if let begun = start { words.append(begun..<index) }
        start = nil
      } else if start == nil {
        start = index
      }
      index = next.end
    }
    if let start { words.append(start..<count) }
    guard words.count > limit else { return words.map { self[$0] } }
    if fromEnd {
      let kept = words.suffix(limit)
      let rest = self[0..<words[words.count - limit - 1].upperBound].stripped(
        start: true, end: false)
      return [rest] + kept.map { self[$0] }
    }
    let kept = words.prefix(limit)
    let rest = self[words[limit].lowerBound..<count].stripped(start: false, end: true)
    return kept.map { self[$0] } + [rest]
  }

  /// The text without white space, or without the scalars of a set, at its ends.
  func stripped(start: Bool, end: Bool, of set: [Unicode.Scalar]? = nil) -> TracedText {
    func isStripped(_ scalar: Unicode.Scalar) -> Bool {
      if let set { set.contains(scalar) } else { PythonText.isSpace(scalar) }
    }
    var low = 0
    var high = count
    while start, low < high {
      let next = scalar(at: low)
      if !isStripped(next.scalar) { break }
      low = next.end
    }
    while end, high > low {
      var before = high - 1
      while before > low, bytes[before] & 0xC0 == 0x80 { before -= 1 }
      if !isStripped(scalar(at: before).scalar) { break }
      high = before
    }
    return self[low..<high]
  }

  /// The lines as `splitlines()` cuts them.
  func lines(keepingEnds: Bool) -> [TracedText] {
    var out: [TracedText] = []
    var start = 0
    var index = 0
    while index < count {
      let next = scalar(at: index)
      var end = next.end
      switch next.scalar.value {
      case 0x0D:
        if end < count, bytes[end] == 0x0A { end += 1 }
      case 0x0A, 0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029: break
      default:
        index = end
        continue
      }
      out.append(self[start..<(keepingEnds ? end : index)])
      start = end
      index = end
    }
    if start < count { out.append(self[start..<count]) }
    return out
  }

  func hasPrefix(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }

  func hasSuffix(_ suffix: [UInt8]) -> Bool {
    count >= suffix.count && bytes.suffix(suffix.count).elementsEqual(suffix)
  }
}
