/// The pieces of one text, in memory that is used again for the next text.
///
/// Most splits leave nothing out; then each piece begins where the one before it ended, and only the
/// ends are kept.
package struct PieceBuffer: Sendable {
  /// The end of every piece; only the first `count` values mean anything.
  var ends: [UInt32] = []
  /// The start of every piece if some text was left out; empty otherwise.
  var starts: [UInt32] = []
  /// The number of pieces.
  package private(set) var count = 0

  package init() {}

  /// Whether every piece begins where the one before it ended, the first at 0.
  package var isContiguous: Bool { starts.isEmpty }

  /// The byte offset behind each piece; `count` values.
  package var pieceEnds: Span<UInt32> {
    @_lifetime(borrow self)
    get { ends.span.extracting(first: count) }
  }

  /// The byte range of a piece. `index` must be below ``count``.
  package subscript(index: Int) -> Range<Int> {
    let end = Int(ends[index])
    if !starts.isEmpty { return Int(starts[index])..<end }
    return (index == 0 ? 0 : Int(ends[index - 1]))..<end
  }
}
