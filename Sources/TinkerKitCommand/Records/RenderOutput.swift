import TinkerFiles
import TinkerKit

/// Where rendered examples go: lines or arrays, each example by itself or packed into rows.
struct RenderOutput: ~Copyable {
  private var lines: OutputFile?
  private var arrays: ArrayOutput?
  private var packer: ExamplePacker?
  private let writer: ExampleWriter?
  private let workers: Int

  /// The rows that a thread formats at once.
  private static let rowsAtOnce = 16

  /// Whether examples are taken as values; otherwise they come as finished lines.
  let takesExamples: Bool

  /// An output in a form: to a file, or `-`, or `nil` to count and write nothing; packed into rows of
  /// a length, or `nil` for each example by itself.
  init(
    _ format: OutputFormat, path: String?, rowLength: Int?, workers: Int,
    _ interruption: Interruption
  ) throws(CommandFailure) {
    self.workers = workers
    if let path {
      if format.lines == nil {
        arrays = try ArrayOutput.begin(format, path: path, isPacked: rowLength != nil)
      } else {
        lines = try OutputFile.begin(path, interruption)
      }
    }
    packer = rowLength.map { ExamplePacker(capacity: $0) }
    writer = format.lines.map { ExampleWriter(format: $0) }
    takesExamples = format.lines == nil || rowLength != nil
  }

  /// Takes what came of a batch, in its order.
  mutating func take(
    lines finished: [UInt8], examples: [PackedExample]
  ) throws(CommandFailure) {
    try write(finished)
    for item in examples {
      if let rows = packer?.add(item) {
        try write(rows)
      } else {
        try arrays?.add(item.example)
      }
    }
  }

  /// Sends everything on its way, so that what stands before an error is not lost.
  mutating func flush() throws(CommandFailure) {
    do throws(FileError) { try lines?.flush() } catch { throw CommandFailure(error) }
  }

  /// Finishes the files.
  ///
  /// - Returns: What was packed, if it was.
  consuming func finish(_ interruption: Interruption) throws(CommandFailure) -> ExamplePacker? {
    if let rows = packer?.finish() { try write(rows) }
    try OutputFile.finish(&lines)
    let packer = packer
    if let arrays = arrays.take() { try arrays.finish(interruption) }
    return packer
  }

  /// Writes the rows of a window. Their text is made on all threads: nothing else is rendered while a
  /// window is on its way out.
  private mutating func write(_ rows: [[PackedExample]]) throws(CommandFailure) {
    // Mostly there are none yet.
    if rows.isEmpty { return }
    guard let writer, lines != nil else {
      for row in rows { try arrays?.add(row: row) }
      return
    }
    var rest = rows[...]
    try OrderedPipeline.run(
      workers: rows.count > Self.rowsAtOnce ? workers : 1,
      produce: { () throws(CommandFailure) -> [[PackedExample]]? in
        if rest.isEmpty { return nil }
        defer { rest = rest.dropFirst(Self.rowsAtOnce) }
        return Array(rest.prefix(Self.rowsAtOnce))
      },
      makeTransform: {
        { rows in
          var text: [UInt8] = []
          do throws(RenderingError) {
            for row in rows { try writer.append(row: row, to: &text) }
            return FormattedRows(text: text)
          } catch { return FormattedRows(text: text, fault: error.message) }
        }
      },
      consume: { (formatted) throws(CommandFailure) in
        if let fault = formatted.fault { throw CommandFailure(.badInput, fault) }
        try write(formatted.text)
      })
  }

  private struct FormattedRows: Sendable {
    var text: [UInt8]
    var fault: String?
  }

  private mutating func write(_ text: [UInt8]) throws(CommandFailure) {
    do throws(FileError) { try lines?.write(text.span) } catch { throw CommandFailure(error) }
  }
}
