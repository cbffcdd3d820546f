import TinkerKit

/// What the command `image` prints.
enum ImageTable {
  struct Row {
    let path: String
    let header: ImageHeader
    /// Width and height after the picture has been turned.
    let size: (width: Int, height: Int)
    let grid: ImageGrid

    var cells: [String] {
      [
        path, header.format.rawValue, header.mode.rawValue, "\(size.width)×\(size.height)",
        "\(grid.width)×\(grid.height)", "\(grid.columns)×\(grid.rows)", "\(grid.tokens)",
      ]
    }
  }

  static func text(of rows: [Row]) -> String {
    let table =
      [["file", "format", "mode", "size", "resized", "patches", "tokens"]] + rows.map(\.cells)
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { cells in
      let padded = cells.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - cells[column].count)
        return column == cells.count - 1 ? space + cells[column] : cells[column] + space
      }
      return padded.joined(separator: "  ") + "\n"
    }.joined()
  }

  static func json(of rows: [Row]) -> String {
    var out = ""
    for row in rows {
      var writer = JSONWriter(style: .compact)
      writer.beginObject()
      writer.key("file")
      writer.string(row.path)
      writer.key("format")
      writer.string(row.header.format.rawValue)
      writer.key("mode")
      writer.string(row.header.mode.rawValue)
      for (key, value) in [
        ("width", row.size.width), ("height", row.size.height),
        ("orientation", row.header.orientation.rawValue), ("resized_width", row.grid.width),
        ("resized_height", row.grid.height), ("grid_rows", row.grid.rows),
        ("grid_columns", row.grid.columns), ("tokens", row.grid.tokens),
      ] {
        writer.key(key)
        writer.integer(value)
      }
      writer.endObject()
      out += String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }
    return out
  }
}
