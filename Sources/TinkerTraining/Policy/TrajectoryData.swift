public import TinkerData

/// An episode as training examples.
///
/// While each prompt begins with everything before it, only its new tail is appended; otherwise the example
/// ends and a new one begins. Inputs of an example are `target_tokens`, `logprobs` (those of the sampler; 0 on
/// what the model read), `advantages` and `mask` (1 on what the model wrote), all shifted by one.
public struct TrajectoryData: Sendable, Hashable {
  /// Why an episode is more than one example.
  public struct Break: Sendable, Hashable, CustomStringConvertible {
    /// The turn, counted from 0, whose prompt does not go on from what was before.
    public var turn: Int
    /// The position of the first difference.
    public var position: Int
    /// The token that stood there; `nil` for an image.
    public var had: UInt32?
    /// The token of the prompt there; `nil` for an image, or where the prompt has ended.
    public var found: UInt32?

    /// The sentence.
    public var description: String {
      let names = [had, found].map { $0.map { "token \($0)" } ?? "an image or nothing" }
      return "the prompt of turn \(turn) differs at position \(position): \(names[0]) was there, "
        + "\(names[1]) is"
    }
  }

  /// The examples.
  public private(set) var data: [Datum] = []
  /// Where new examples began.
  public private(set) var breaks: [Break] = []

  /// Makes examples.
  ///
  /// - Parameters:
  ///   - trajectory: The episode.
  ///   - advantage: The advantage of each token that the model wrote.
  /// - Throws: ``TrainingError/backend(_:)`` if the sampler reported no log-probabilities.
  public init(_ trajectory: Trajectory, advantage: Double) throws(TrainingError) {
    var sequence = Sequence()
    for (turn, transition) in trajectory.transitions.enumerated() {
      let tokens = transition.action.tokens
      guard let logprobs = transition.action.logprobs, logprobs.count == tokens.count else {
        throw .backend("the sampler reported no log-probabilities, and reinforcement needs them")
      }
      let prompt = FlatInput(transition.prompt)
      if let index = sequence.flat.firstDifference(from: prompt) {
        breaks.append(Self.report(turn, index, sequence.flat, prompt))
        finish(&sequence)
      }
      sequence.read(prompt)
      sequence.write(tokens, logprobs, Float(advantage))
    }
    finish(&sequence)
  }

  private static func report(
    _ turn: Int, _ index: Int, _ old: FlatInput, _ new: FlatInput
  ) -> Break {
    func token(_ flat: FlatInput) -> UInt32? {
      guard index < flat.elements.count, case .token(let token) = flat.elements[index] else {
        return nil
      }
      return token
    }
    let position = old.elements[..<index].reduce(0) { $0 + $1.length }
    return Break(turn: turn, position: position, had: token(old), found: token(new))
  }

  private mutating func finish(_ sequence: inout Sequence) {
    if let datum = sequence.datum { data.append(datum) }
    sequence = Sequence()
  }

  /// An example that grows.
  private struct Sequence {
    var flat = FlatInput()
    private var logprobs: [Float] = []
    private var advantages: [Float] = []
    private var mask: [Float] = []

    mutating func read(_ prompt: FlatInput) {
      let tail = prompt.elements[flat.elements.count...]
      flat.append(tail)
      let zeros = [Float](repeating: 0, count: tail.reduce(0) { $0 + $1.length })
      logprobs += zeros
      advantages += zeros
      mask += zeros
    }

    mutating func write(_ tokens: [UInt32], _ logprobs: [Float], _ advantage: Float) {
      flat.append(tokens)
      self.logprobs += logprobs
      advantages += [Float](repeating: advantage, count: tokens.count)
      mask += [Float](repeating: 1, count: tokens.count)
    }

    /// The example, or `nil` if the model wrote nothing that can be predicted.
    var datum: Datum? {
      guard let last = mask.lastIndex(of: 1), last > 0 else { return nil }
      // What was read after the last answer is not trained.
      var whole = flat
      while case let excess = whole.length - (last + 1), excess > 0 { whole.removeLast() }
      let tokens = whole.tokens
      var input = whole
      input.removeLast()
      func tensor(_ values: [Float]) -> TensorData { TensorData(Array(values[1...last])) }
      return Datum(
        modelInput: input.input,
        lossInputs: [
          .init(name: "target_tokens", tensor: TensorData(tokens[1...last].map { Int64($0) })),
          .init(name: "logprobs", tensor: tensor(logprobs)),
          .init(name: "advantages", tensor: tensor(advantages)),
          .init(name: "mask", tensor: tensor(mask)),
        ])
    }
  }
}
