/// One of the four normal forms, with the tables of Unicode 9.0.
enum NormalForm: UInt8, Sendable {
  // The raw value is the form's bit in `NormalFormTables.check`.
  case canonicalComposition = 1
  case canonicalDecomposition = 2
  case compatibleComposition = 4
  case compatibleDecomposition = 8

  private var composes: Bool { self == .canonicalComposition || self == .compatibleComposition }

  private var isCompatible: Bool {
    self == .compatibleComposition || self == .compatibleDecomposition
  }

  /// The bits of `NormalFormTables.check` without which nothing changes.
  var mask: UInt8 { rawValue | NormalFormTables.hasClass }

  /// The place behind the last character before which the text can be cut, if something behind it may
  /// have to change; `nil` if the whole text has this form.
  ///
  /// No mark of the form's bit and classes in ascending order mean that nothing changes (the quick
  /// check of UAX #15).
  func firstChange(in text: Span<UInt8>, from start: Int = 0) -> Int? {
    let tables = NormalFormTables.shared
    let mask = mask
    var boundary = start
    var lastClass: UInt8 = 0
    var index = start
    while index < text.count {
      let end = text.endOfASCII(from: index)
      if end > index {
        boundary = end - 1
        lastClass = 0
        index = end
        if index == text.count { return nil }
      }
      let character = text.codePoint(at: index)
      let flags = tables.check[character.codePoint] & mask
      if flags == 0 {
        boundary = index
        lastClass = 0
      } else if flags & rawValue != 0 {
        return boundary
      } else {
        let ownClass = tables.classes[character.codePoint]
        if ownClass < lastClass { return boundary }
        lastClass = ownClass
      }
      index += character.length
    }
    return nil
  }

  /// Normalizes the stretches that may have to change and copies the rest.
  func apply(to text: AlignedText) -> AlignedText {
    var rewriter = TextRewriter(text)
    var copied = 0
    let bytes = text.bytes.span
    while let start = firstChange(in: bytes, from: copied) {
      rewriter.copy(copied..<start)
      let end = nextBoundary(in: bytes, after: start)
      rewrite(start..<end, of: bytes, into: &rewriter)
      copied = end
    }
    rewriter.copy(copied..<bytes.count)
    return rewriter.result
  }

  /// The next place behind the first character where nothing reaches across.
  private func nextBoundary(in text: Span<UInt8>, after start: Int) -> Int {
    let tables = NormalFormTables.shared
    let mask = mask
    var index = start + text.codePoint(at: start).length
    while index < text.count, text[index] >= 0x80 {
      let character = text.codePoint(at: index)
      if tables.check[character.codePoint] & mask == 0 { break }
      index += character.length
    }
    return index
  }

  private func rewrite(
    _ range: Range<Int>, of text: Span<UInt8>, into rewriter: inout TextRewriter
  ) {
    var parts: [NormalFormPart] = []
    var starts: [Int] = []
    var index = range.lowerBound
    while index < range.upperBound {
      let character = text.codePoint(at: index)
      starts.append(index)
      decompose(character.codePoint, into: &parts)
      index += character.length
    }
    NormalFormPart.sortMarks(&parts)
    if composes { parts = NormalFormPart.composed(parts) }
    var next = 0
    for part in parts {
      // A part that takes no character of its own shares the place of the one before.
      let place = part.taken > 0 ? next : next - 1
      rewriter.write(part.codePoint, at: starts.indices.contains(place) ? starts[place] : -1)
      next += part.taken
    }
  }

  private func decompose(_ codePoint: UInt32, into parts: inout [NormalFormPart]) {
    let first = parts.count
    let isHangul = Hangul.decompose(codePoint) { parts.append(NormalFormPart($0, taken: 0)) }
    if !isHangul {
      let tables = NormalFormTables.shared
      let found =
        (isCompatible ? tables.compatible[codePoint] : nil) ?? tables.canonical[codePoint]
      for part in found ?? [codePoint] { parts.append(NormalFormPart(part, taken: 0)) }
    }
    parts[first].taken = 1
  }
}
