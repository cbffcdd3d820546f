internal import TinkerData
public import TinkerRendering

/// A question with an answer that is wanted and one that is not.
public struct PreferencePair: Sendable, Hashable {
  /// The conversation that ends with the wanted answer.
  public var chosen: [Message]
  /// The same with the other answer.
  public var rejected: [Message]

  /// A pair.
  public init(chosen: [Message], rejected: [Message]) {
    self.chosen = chosen
    self.rejected = rejected
  }
}

/// Pairs as examples, rendered at the beginning. The last answer of each conversation is what counts.
public struct PreferenceData: Sendable {
  /// The examples, the chosen one of each pair first.
  let data: [Datum]
  /// The number of pairs.
  public var count: Int { data.count / 2 }
  /// The tokens of all examples, before the shift.
  public let tokens: Int

  /// Renders pairs.
  ///
  /// - Parameters:
  ///   - pairs: The pairs.
  ///   - renderer: Who renders them.
  ///   - maxLength: The most tokens of an example before the shift.
  /// - Throws: ``TrainingError/data(place:_:)`` that names the pair, counted from 1.
  public init(
    _ pairs: [PreferencePair], renderer: Renderer, maxLength: Int? = nil
  ) throws(TrainingError) {
    var data: [Datum] = []
    for (index, pair) in pairs.enumerated() {
      for (name, messages) in [("chosen", pair.chosen), ("rejected", pair.rejected)] {
        let place = "pair \(index + 1), \(name)"
        let datum: Datum
        do throws(RenderingError) {
          datum = try renderer.supervisedExample(for: messages, trainOn: .lastAssistantMessage)
            .datum(maxLength: maxLength)
        } catch { throw .data(place: place, "\(error)") }
        guard datum.weights.contains(where: { $0 != 0 }) else {
          throw .data(place: place, "no token of the answer has a weight")
        }
        data.append(datum)
      }
    }
    self.data = data
    tokens = data.reduce(0) { $0 + $1.modelInput.length + 1 }
  }

  /// The examples of some pairs.
  func examples(_ pairs: [Int]) -> [Datum] {
    pairs.flatMap { [data[2 * $0], data[2 * $0 + 1]] }
  }
}
