/// A curve made of the dots of Braille characters, for a terminal.
struct TerminalCurve {
  let width: Int
  let height: Int

  /// The bits of a character's dots: two columns of four.
  private static let dots: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// The lines of a drawing, the highest number first, with the range in front of the first and last.
  func lines(of curve: Curve) -> [String] {
    guard !curve.points.isEmpty, width > 0, height > 0 else { return [] }
    let (low, high) = curve.range
    let (first, last) = (curve.points[0].step, curve.points[curve.points.count - 1].step)
    var cells = [[UInt32]](repeating: [UInt32](repeating: 0, count: width), count: height)
    var previous: (column: Int, row: Int)?
    for point in curve.points {
      let share = last > first ? (point.step - first) / (last - first) : 0
      let column = Int(share * Double(width * 2 - 1))
      let row = Int(((high - point.value) / (high - low) * Double(height * 4 - 1)).rounded())
      // Between two columns the line goes on, so that it has no holes.
      var places = [(column, row)]
      if let previous, column > previous.column {
        for between in previous.column + 1..<max(previous.column + 1, column) {
          let part = Double(between - previous.column) / Double(column - previous.column)
          let height = Double(previous.row) + part * Double(row - previous.row)
          places.append((between, Int(height.rounded())))
        }
      }
      for (column, row) in places {
        cells[row / 4][column / 2] |= Self.dots[column % 2][row % 4]
      }
      previous = (column, row)
    }
    let labels = [Figure.text(high, digits: 3), Figure.text(low, digits: 3)]
    let margin = labels.map(\.count).max() ?? 0
    return cells.enumerated().map { index, row in
      let label = index == 0 ? labels[0] : index == height - 1 ? labels[1] : ""
      let text = row.map { bits in Unicode.Scalar(0x2800 + bits).map(String.init) ?? " " }.joined()
      return String(repeating: " ", count: margin - label.count) + label + " │" + text
    }
  }
}
