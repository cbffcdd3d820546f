/// Takes the white space at the ends of tokens out of their offsets, as `trim_offsets` asks.
enum OffsetTrimmer {
  /// How many white space characters a token begins and ends with; `Ġ` counts as one.
  struct Surroundings: Sendable {
    var leading: Int
    var trailing: Int

    /// No white space.
    static let none = Surroundings(leading: 0, trailing: 0)
  }

  /// The white space around a token's string.
  static func surroundings(of text: Span<UInt8>) -> Surroundings {
    var leading = 0
    var place = 0
    while let (value, length) = text.scalar(at: place), isSpace(value) {
      leading += 1
      place += length
    }
    var trailing = 0
    place = text.count
    while let (value, length) = text.scalar(before: place), isSpace(value) {
      trailing += 1
      place -= length
    }
    return Surroundings(leading: leading, trailing: trailing)
  }

  private static func isSpace(_ value: UInt32) -> Bool {
    value == 0x120 || CharacterClass.isWhiteSpace(value)
  }

  /// Trims offsets. The reference counts characters, so that one white space character of the token
  /// takes one character of the text, whatever it was before normalization.
  static func trim(
    _ ranges: inout [Range<Int>], _ surroundings: [Surroundings], in text: Span<UInt8>,
    addsPrefixSpace: Bool
  ) {
    var starts: [Int] = []
    for index in text.indices where text[index] & 0xC0 != 0x80 { starts.append(index) }
    starts.append(text.count)
    for index in ranges.indices {
      let spaces = surroundings[index]
      if spaces.leading == 0 && spaces.trailing == 0 { continue }
      var lower = scalar(at: ranges[index].lowerBound, starts)
      var upper = scalar(at: ranges[index].upperBound, starts)
      if spaces.leading > 0 {
        let isFirst = index == 0 || lower == 0
        let isAdded = isFirst && addsPrefixSpace && spaces.leading == 1
        lower = min(lower + (isAdded ? 0 : spaces.leading), upper)
      }
      if spaces.trailing > 0, upper >= spaces.trailing {
        upper = max(upper - spaces.trailing, lower)
      }
      ranges[index] = starts[lower]..<starts[upper]
    }
  }

  /// The number of characters before a place.
  private static func scalar(at place: Int, _ starts: [Int]) -> Int {
    var low = 0
    var high = starts.count - 1
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < place { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
