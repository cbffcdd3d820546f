/// The text rules of Python's `str`, on scalars: what `strip()`, `\s`, `\w` and `capitalize()` mean.
///
/// Swift's own notions differ (U+001C–001F, grapheme clusters), so they are spelled out here.
package enum PythonText {
  /// Whether `strip()` removes the scalar and `\s` matches it.
  package static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
      0x205F, 0x3000:
      true
    default: false
    }
  }

  /// Whether `\w` matches the scalar: letters, everything numeric, and `_`.
  package static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      switch UInt8(ascii: scalar) {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
        return true
      default: return false
      }
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return true
    default: return scalar.properties.numericType != nil
    }
  }

  /// `text.strip()`.
  package static func strip(_ text: Substring) -> Substring {
    stripEnd(stripStart(text))
  }

  /// `text.lstrip()`.
  package static func stripStart(_ text: Substring) -> Substring {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isSpace($0) }) else {
      return text[text.endIndex...]
    }
    return text[first...]
  }

  /// `text.rstrip()`.
  package static func stripEnd(_ text: Substring) -> Substring {
    let scalars = text.unicodeScalars
    guard let last = scalars.lastIndex(where: { !isSpace($0) }) else {
      return text[..<text.startIndex]
    }
    return text[..<scalars.index(after: last)]
  }

  /// `text.strip("\n")`.
  package static func stripNewlines(_ text: Substring) -> Substring {
    let start = stripNewlinesAtStart(text)
    var end = start.endIndex
    while end > start.startIndex {
      let before = start.utf8.index(before: end)
      if start.utf8[before] != UInt8(ascii: "\n") { break }
      end = before
    }
    return start[..<end]
  }

  /// `text.lstrip("\n")`.
  package static func stripNewlinesAtStart(_ text: Substring) -> Substring {
    guard let first = text.utf8.firstIndex(where: { $0 != UInt8(ascii: "\n") }) else {
      return text[text.endIndex...]
    }
    return text[first...]
  }

  /// Whether the text is empty or nothing but white space.
  package static func isBlank(_ text: Substring) -> Bool {
    text.unicodeScalars.allSatisfy(isSpace)
  }

  /// The first `count` scalars.
  package static func prefix(_ text: Substring, scalars count: Int) -> Substring {
    if text.utf8.count <= count { return text }
    return Substring(text.unicodeScalars.prefix(count))
  }

  /// `text.capitalize()`: the first scalar in title case, the others in lower case.
  package static func capitalize(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    guard let first = scalars.first else { return "" }
    var out = first.properties.titlecaseMapping
    for index in scalars.indices.dropFirst() {
      if scalars[index] == "\u{3A3}" {
        out += isFinalSigma(at: index, in: scalars) ? "\u{3C2}" : "\u{3C3}"
      } else {
        out += scalars[index].properties.lowercaseMapping
      }
    }
    return out
  }

  /// Whether a capital sigma ends a word: a cased scalar before it and none after it, with scalars
  /// that case ignores passed over.
  package static func isFinalSigma(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
  }
}
