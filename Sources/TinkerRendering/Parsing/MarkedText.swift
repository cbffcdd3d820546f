/// Search for markers in text, by bytes, with indices of the text.
extension StringProtocol where SubSequence == Substring {
  /// Where a marker begins at or after an index, or `nil`.
  func place(of marker: String, from start: String.Index) -> String.Index? {
    let wanted = marker.utf8
    guard let head = wanted.first else { return start }
    var rest = self[start...].utf8
    while let candidate = rest.firstIndex(of: head) {
      rest = rest[candidate...]
      if rest.starts(with: wanted) { return candidate }
      rest = rest.dropFirst()
    }
    return nil
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
}
