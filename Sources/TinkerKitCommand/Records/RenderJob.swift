import TinkerFiles
import TinkerKit

/// Renders all records of some files on several threads, in order, in constant memory.
struct RenderJob {
  /// What a thread makes of a batch.
  private struct Rendered: Sendable {
    var lines: [UInt8] = []
    var examples: [PackedExample] = []
    var counts = RecordCounts()
    var records = 0
    var faults: [(message: String, line: [UInt8])] = []
    /// The place of the first record without a trained token.
    var untrained: String?
    var consumedBytes = 0
  }

  let renderer: Renderer
  let settings: RecordSettings
  /// The form of the output; `settings` has only forms of lines.
  let format: OutputFormat
  let workers: Int
  /// Whether bad records are left out; otherwise the first one ends the work.
  let keepsGoing: Bool
  /// The bad records after which the work ends all the same.
  let maximumErrors: Int?

  /// Runs to the end.
  ///
  /// - Parameters:
  ///   - source: The records.
  ///   - output: Where the examples go.
  ///   - rejects: Where bad records go as they are.
  ///   - progress: What the user sees meanwhile.
  /// - Returns: What was read, written and left out.
  /// - Throws: `CommandFailure` for the first bad record, unless it keeps going, and for files.
  func run(
    _ source: consuming RecordSource, output: inout RenderOutput, rejects: inout OutputFile?,
    progress: inout Progress
  ) throws(CommandFailure) -> RenderSummary {
    var source = source
    var summary = RenderSummary()
    let (renderer, settings, keepsGoing) = (renderer, settings, keepsGoing)
    let (format, takesExamples) = (format, output.takesExamples)
    try OrderedPipeline.run(
      workers: workers,
      produce: { () throws(CommandFailure) -> RecordSource.Batch? in
        do throws(FileError) { return try source.next() } catch { throw CommandFailure(error) }
      },
      makeTransform: {
        let worker = Worker(
          renderer: renderer, settings: settings, format: format, takesExamples: takesExamples,
          keepsGoing: keepsGoing)
        return { worker.render($0) }
      },
      consume: { (batch) throws(CommandFailure) in
        try output.take(lines: batch.lines, examples: batch.examples)
        // What stands before a bad record goes out before its error ends the work.
        if !batch.faults.isEmpty { try output.flush() }
        summary.counts += batch.counts
        summary.records += batch.records
        if summary.untrained == nil { summary.untrained = batch.untrained }
        for fault in batch.faults {
          try note(fault, in: &summary, rejects: &rejects, progress: &progress)
        }
        progress.update(bytes: batch.consumedBytes, records: summary.records)
      })
    return summary
  }

  private func note(
    _ fault: (message: String, line: [UInt8]), in summary: inout RenderSummary,
    rejects: inout OutputFile?, progress: inout Progress
  ) throws(CommandFailure) {
    progress.clear()
    guard keepsGoing else { throw CommandFailure(.badInput, fault.message) }
    summary.rejected += 1
    Terminal.writeMessage("tinkerkit: \(fault.message)\n")
    do throws(FileError) {
      // A line that could not be read cannot be kept, either.
      if !fault.line.isEmpty {
        try rejects?.write(fault.line.span)
        try rejects?.write("\n")
      }
    } catch { throw CommandFailure(error) }
    if let maximumErrors, summary.rejected >= maximumErrors {
      throw CommandFailure(
        .badInput, "\(summary.rejected) bad records, as many as --max-errors allows")
    }
  }

  /// The state of one thread.
  private final class Worker {
    private var renderer: RecordRenderer
    private let keepsGoing: Bool
    private let takesExamples: Bool
    private let format: OutputFormat

    init(
      renderer: Renderer, settings: RecordSettings, format: OutputFormat, takesExamples: Bool,
      keepsGoing: Bool
    ) {
      self.format = format
      self.takesExamples = takesExamples
      self.keepsGoing = keepsGoing
      self.renderer = RecordRenderer(renderer: renderer, settings: settings)
    }

    /// Adds the examples of a record; after an error there are none of it.
    private func collect(
      _ record: Span<UInt8>, into examples: inout [PackedExample]
    ) throws(RenderingError) -> RecordCounts {
      let start = examples.count
      let format = format
      do throws(RenderingError) {
        return try renderer.render(record) { (example, conversation) throws(RenderingError) in
          if let lines = format.lines {
            try ExampleWriter(format: lines).check(example)
          } else if !example.images.isEmpty {
            throw RenderingError(
              .unsupported, "the format \(format.rawValue) has no place for images; use datum")
          }
          examples.append(PackedExample(example, id: conversation.id))
        }
      } catch {
        examples.removeSubrange(start...)
        throw error
      }
    }

    func render(_ batch: RecordSource.Batch) -> Rendered {
      var rendered = Rendered()
      rendered.consumedBytes = batch.consumedBytes
      renderer.form = batch.form
      for index in 0..<batch.lines.count {
        let line = batch.lines.line(at: index)
        let number = batch.lines.number(at: index)
        rendered.records += 1
        do throws(RenderingError) {
          let counts =
            takesExamples
            ? try collect(line, into: &rendered.examples)
            : try renderer.append(line, to: &rendered.lines)
          rendered.counts += counts
          if counts.untrained > 0, rendered.untrained == nil {
            rendered.untrained = "\(batch.file):\(number)"
          }
        } catch {
          let fault = RecordFault(error, file: batch.file, line: number, bytes: line)
          rendered.faults.append((fault.message, keepsGoing ? [UInt8](copying: line) : []))
          if !keepsGoing { break }
        }
      }
      for error in batch.unreadable {
        rendered.records += 1
        rendered.faults.append((error.description, []))
      }
      return rendered
    }
  }
}

extension [UInt8] {
  /// The bytes of a span.
  init(copying span: Span<UInt8>) {
    self.init()
    reserveCapacity(span.count)
    for index in span.indices { append(span[index]) }
  }
}
