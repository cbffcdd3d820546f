/// Where two renderers, or a renderer with two tokenizers, disagree over a data set.
public struct RenderingDiff: Sendable {
  /// What a record that differs gives.
  public struct Finding: Sendable {
    /// The place of the record, for example `data.jsonl:17`.
    public let place: String
    /// What differs.
    public let kind: ExampleDiff.Kind
    /// The tokens of both sides; `nil` where one side has none.
    public let diff: ExampleDiff?
    /// What is to be said where there are no tokens: who refuses, and why.
    public let note: String?
  }

  /// The names of the sides.
  public let names: (left: String, right: String)
  /// The number of records that were compared.
  public private(set) var compared = 0
  /// The number of records that both sides refuse.
  public private(set) var refusedByBoth = 0
  /// The number of records that differ, by what differs first.
  public private(set) var counts: [ExampleDiff.Kind: Int] = [:]
  /// The first records that differ.
  public private(set) var findings: [Finding] = []

  private let comparesIDs: Bool
  private let keeps: Int

  /// A comparison without records.
  ///
  /// - Parameters:
  ///   - left: The name of one side.
  ///   - right: The name of the other.
  ///   - comparesIDs: Whether ids must be equal; with two tokenizers only the text of tokens is.
  ///   - keeps: How many of the records that differ are kept with their tokens.
  public init(left: String, right: String, comparesIDs: Bool = true, keeps: Int = 100) {
    names = (left, right)
    self.comparesIDs = comparesIDs
    self.keeps = keeps
  }

  /// The number of records that differ.
  public var different: Int { counts.values.reduce(0, +) }
  /// The number of records that are equal.
  public var equal: Int { compared - different }

  /// Compares what the sides make of a record: the examples of each, or why it has none.
  public mutating func add(
    _ place: String, _ left: Result<[[DiffToken]], RenderingError>,
    _ right: Result<[[DiffToken]], RenderingError>
  ) {
    compared += 1
    switch (left, right) {
    case (.failure, .failure): refusedByBoth += 1
    case (.failure(let error), .success):
      note(place, .refused, nil, "\(names.left) refuses: \(error.description)")
    case (.success, .failure(let error)):
      note(place, .refused, nil, "\(names.right) refuses: \(error.description)")
    case (.success(let left), .success(let right)):
      for (a, b) in zip(left, right) {
        if let diff = ExampleDiff(a, b, comparesIDs: comparesIDs) {
          // A number that differs explains tokens that do.
          let kind = left.count == right.count ? diff.kind : .count
          note(place, kind, diff, left.count == right.count ? nil : counted(left, right))
          return
        }
      }
      if left.count != right.count { note(place, .count, nil, counted(left, right)) }
    }
  }

  private func counted(_ left: [[DiffToken]], _ right: [[DiffToken]]) -> String {
    "\(names.left) makes \(left.count) examples of it, \(names.right) \(right.count)"
  }

  private mutating func note(
    _ place: String, _ kind: ExampleDiff.Kind, _ diff: ExampleDiff?, _ note: String?
  ) {
    counts[kind, default: 0] += 1
    if findings.count < keeps {
      findings.append(Finding(place: place, kind: kind, diff: diff, note: note))
    }
  }
}

extension RenderSession {
  /// The examples of messages as sides of a comparison, or why there are none.
  public mutating func sides(
    of messages: [Message], trainOn: TrainOn, of renderer: Renderer
  ) -> Result<[[DiffToken]], RenderingError> {
    do throws(RenderingError) {
      let examples = try supervisedExamples(for: messages, trainOn: trainOn)
      return .success(examples.map { DiffToken.tokens(of: $0, tokenizer: renderer.tokenizer) })
    } catch { return .failure(error) }
  }
}
