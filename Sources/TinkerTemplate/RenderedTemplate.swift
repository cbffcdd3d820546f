import TinkerJSON

/// What a template made, and where each byte of it comes from.
public struct RenderedTemplate: Sendable {
  /// A stretch of output from one place.
  public struct Run: Sendable, Hashable {
    /// The bytes of the output.
    public let bytes: Range<Int>
    /// Where they come from.
    public let source: Source
    /// The index of the message that they are part of, or that the template was writing; `nil` for
    /// text of the template outside of all messages.
    public let message: Int?
  }

  /// Where text comes from.
  public enum Source: Sendable, Hashable {
    /// A value of the input, for example `messages[2].content`.
    case input(path: String)
    /// The template's own text.
    case template(line: Int, column: Int)

    /// Whether it is a value of the input.
    public var isInput: Bool { if case .input = self { true } else { false } }
  }

  /// The output as UTF-8.
  public let bytes: [UInt8]
  /// What the template marked with `{% generation %}`, in bytes of the output as `transformers` counts
  /// them; empty for templates without markers.
  public let generations: [Range<Int>]

  private let output: TracedText
  private let table: OriginTable
  private let template: [UInt8]

  init(_ output: TracedText, generations: [Range<Int>], table: OriginTable, source: [UInt8]) {
    self.output = output
    self.generations = generations
    self.table = table
    template = source
    bytes = output.bytes
  }

  /// The output as text, with U+FFFD for halves of surrogate pairs.
  public var text: String { output.string }

  /// Where the output comes from, in order and without gaps.
  public var runs: [Run] {
    var out: [Run] = []
    var start = 0
    for run in output.runs {
      out.append(
        Run(bytes: start..<run.end, source: source(of: run.origin), message: message(of: run)))
      start = run.end
    }
    return out
  }

  /// The runs without places in the template, which take time to find; with the path of each value of
  /// the input.
  package var fields: [(bytes: Range<Int>, path: String?, message: Int?)] {
    var out: [(bytes: Range<Int>, path: String?, message: Int?)] = []
    var start = 0
    for run in output.runs {
      out.append((start..<run.end, run.origin.node.map { table.path($0) }, message(of: run)))
      start = run.end
    }
    return out
  }

  private func message(of run: TracedText.Run) -> Int? {
    run.origin.message < 0 ? nil : Int(run.origin.message)
  }

  private func source(of origin: Origin) -> Source {
    if let node = origin.node { return .input(path: table.path(node)) }
    let (line, column) = TemplatePlace.lineAndColumn(of: origin.offset ?? 0, in: template)
    return .template(line: line, column: column)
  }
}
