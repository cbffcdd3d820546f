/// Where a run of positions comes from: a prompt or a sample of the service, by the id of a sampled
/// sequence.
public struct ProvenanceSpan: Sendable, Hashable {
  /// The two origins.
  public enum Origin: Sendable, Hashable {
    /// The prompt of the sequence.
    case prompt
    /// The sampled tokens of the sequence.
    case sampled
  }

  /// Prompt or sample.
  public let origin: Origin
  /// The id of the sampled sequence; not empty.
  public let sequenceID: String
  /// Where in the prompt or sample the run begins.
  public let offset: Int
  /// The number of positions.
  public let length: Int

  /// A span.
  ///
  /// - Throws: `DataError` if the id is empty, or the offset or length negative.
  public init(
    _ origin: Origin, sequenceID: String, offset: Int = 0, length: Int
  ) throws(DataError) {
    guard !sequenceID.isEmpty else { throw .spans("a provenance span needs a sequence id") }
    guard offset >= 0, length >= 0 else {
      throw .spans("offset and length of a provenance span must not be negative")
    }
    self.origin = origin
    self.sequenceID = sequenceID
    self.offset = offset
    self.length = length
  }
}

extension Datum {
  /// This datum with the origin of its input and of its targets.
  ///
  /// - Parameters:
  ///   - inputSpans: Spans that tile the input.
  ///   - lossSpans: Spans that tile the targets.
  /// - Returns: The datum with both lists.
  /// - Throws: `DataError` if the lengths do not add up.
  public func withProvenance(
    modelInput inputSpans: [ProvenanceSpan], lossInputs lossSpans: [ProvenanceSpan]
  ) throws(DataError) -> Datum {
    let input = inputSpans.reduce(0) { $0 + $1.length }
    guard input == modelInput.length else {
      throw .spans("the spans of the input cover \(input) of \(modelInput.length) positions")
    }
    let targets = lossInput(named: "target_tokens")
    let wanted = targets.flatMap { $0.shape.count == 1 ? $0.shape[0] : nil } ?? modelInput.length
    let covered = lossSpans.reduce(0) { $0 + $1.length }
    guard covered == wanted else {
      throw .spans("the spans of the loss inputs cover \(covered) of \(wanted) positions")
    }
    var out = self
    out.modelInputSpans = inputSpans
    out.lossInputSpans = lossSpans
    return out
  }
}
