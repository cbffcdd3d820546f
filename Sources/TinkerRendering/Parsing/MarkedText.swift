/// Search for markers in text, by bytes, with indices of the text.
extension StringProtocol where SubSequence == Substring {
  /// Where a marker begins at or after an index, or `nil`.
  func place(of marker: String, from start: String.Index) -> String.Index? {
    if start >= endIndex { return marker.isEmpty ? start : nil }
    let rest = self[start...]
    guard let place = ByteSearch.first(marker.utf8.span, in: rest.utf8.span, from: 0) else {
      return nil
    }
    return rest.utf8.index(rest.startIndex, offsetBy: place)
  }

  /// The first stretch between two markers at or after an index, the nearest closing one counting:
  /// the stretch itself, and with its markers.
  func between(
    _ open: String, _ close: String, from start: String.Index
  ) -> (inner: Range<String.Index>, outer: Range<String.Index>)? {
    guard let begin = place(of: open, from: start) else { return nil }
    let innerStart = utf8Index(begin, behind: open)
    guard let end = place(of: close, from: innerStart) else { return nil }
    return (innerStart..<end, begin..<utf8Index(end, behind: close))
  }

  /// The index behind a marker that begins at an index.
  func utf8Index(_ start: String.Index, behind marker: String) -> String.Index {
    self[start...].utf8.index(start, offsetBy: marker.utf8.count)
  }

  /// The rest behind a marker, or `nil` if the text does not begin with it.
  func removing(prefix marker: String) -> SubSequence? {
    guard utf8.starts(with: marker.utf8) else { return nil }
    return self[utf8Index(startIndex, behind: marker)...]
  }

  /// The text before a marker, or `nil` if the text does not end with it.
  func removing(suffix marker: String) -> SubSequence? {
    guard utf8.reversed().starts(with: marker.utf8.reversed()) else { return nil }
    return self[..<utf8.index(endIndex, offsetBy: -marker.utf8.count)]
  }

  /// The first element `open name end inner close` at or after an index, where the name goes to the
  /// nearest of the given ends and the inside to the nearest closing marker.
  func tagged(
    _ open: String, _ ends: [String], _ close: String, from start: String.Index
  ) -> TaggedText? {
    guard let begin = place(of: open, from: start) else { return nil }
    let nameStart = utf8Index(begin, behind: open)
    let candidates = ends.compactMap { end in
      place(of: end, from: nameStart).map { (place: $0, end: end) }
    }
    guard let nameEnd = candidates.min(by: { $0.place < $1.place }) else { return nil }
    let innerStart = utf8Index(nameEnd.place, behind: nameEnd.end)
    guard let innerEnd = place(of: close, from: innerStart) else { return nil }
    return TaggedText(
      name: self[nameStart..<nameEnd.place], end: nameEnd.end, inner: innerStart..<innerEnd,
      outer: begin..<utf8Index(innerEnd, behind: close))
  }
}

/// An element of markup with a name.
struct TaggedText {
  /// What stands between the opening marker and the end of the name.
  let name: Substring
  /// Which of the ends was met.
  let end: String
  /// What stands before the closing marker.
  let inner: Range<String.Index>
  /// The element with its markers.
  let outer: Range<String.Index>
}
