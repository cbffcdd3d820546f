import TinkerData
import TinkerLocal

/// Small models of random weights, and data for them.
enum TinyModels {
  /// Odd extents, so that every edge of a kernel is met.
  static let odd = ModelConfiguration(
    vocabularySize: 41, hiddenSize: 17, intermediateSize: 23, layers: 2, heads: 6, keyValueHeads: 2,
    headWidth: 10, contextLength: 600)

  /// A model that learns a few sentences quickly.
  static let quick = ModelConfiguration(
    vocabularySize: 32, hiddenSize: 32, intermediateSize: 48, layers: 2, heads: 4, keyValueHeads: 2,
    headWidth: 8, endTokens: [1], contextLength: 64)

  static func tokens(_ count: Int, below vocabulary: Int, _ stream: inout RandomStream) -> [UInt32]
  {
    (0..<count).map { _ in UInt32(stream.next() % UInt64(vocabulary)) }
  }

  /// A datum that predicts each next token with weight 1.
  static func datum(_ tokens: [UInt32], weights: [Float]? = nil) -> Datum {
    let targets = tokens.dropFirst().map { Int64($0) }
    return Datum(
      modelInput: ModelInput(tokens: Array(tokens.dropLast())),
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData(targets)),
        .init(
          name: "weights",
          tensor: TensorData(weights ?? [Float](repeating: 1, count: targets.count))),
      ])
  }

  static func example(_ tokens: [UInt32], vocabulary: Int) throws -> Learner.Example {
    Learner.Example(
      sequence: TokenSequence(Array(tokens.dropLast())),
      inputs: try LossInputs(
        datum(tokens), loss: .crossEntropy, length: tokens.count - 1, vocabulary: vocabulary,
        place: "datum"), place: "datum")
  }
}
