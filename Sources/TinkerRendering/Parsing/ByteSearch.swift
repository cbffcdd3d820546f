/// Search in UTF-8 bytes. All positions are byte offsets, and all markers are whole scalars, so that
/// a match never begins inside one.
enum ByteSearch {
  /// The offset of the first occurrence at or after `start`, or `nil`.
  static func first(
    _ marker: borrowing Span<UInt8>, in text: borrowing Span<UInt8>, from start: Int
  )
    -> Int?
  {
    let count = marker.count
    guard count > 0 else { return nil }
    var index = start
    let end = text.count - count
    let head = marker[0]
    while index <= end {
      if text[index] == head {
        var matched = 1
        while matched < count, text[index + matched] == marker[matched] { matched += 1 }
        if matched == count { return index }
      }
      index += 1
    }
    return nil
  }

  /// Whether the marker occurs.
  static func contains(_ marker: String, in text: borrowing Span<UInt8>) -> Bool {
    first(marker.utf8.span, in: text, from: 0) != nil
  }
}

extension ByteSearch {
  /// The offsets of all occurrences that do not overlap.
  static func places(of marker: String, in text: borrowing Span<UInt8>) -> [Int] {
    var places: [Int] = []
    var from = 0
    while let place = first(marker.utf8.span, in: text, from: from) {
      places.append(place)
      from = place + marker.utf8.count
    }
    return places
  }
}
