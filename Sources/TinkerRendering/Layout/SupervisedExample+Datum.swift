public import TinkerData

/// What becomes of the weights of a datum.
public enum WeightReduction: String, Sendable, Hashable, CaseIterable {
  /// They stay as they are.
  case none
  /// They are divided by their sum, if it is positive.
  case mean
}

extension SupervisedExample {
  /// The example as the service takes it: position i of the input predicts target i.
  ///
  /// The input is the sequence without its last token; targets and weights are those from the second
  /// on, with target 0 at the positions of images. Images at the end have nothing to predict and are
  /// left out.
  ///
  /// - Parameters:
  ///   - maxLength: The most positions that are taken of the sequence, before the shift; an image
  ///     that does not fit as a whole is left out with all that follows.
  ///   - reduction: What becomes of the weights.
  /// - Returns: a datum with `target_tokens` and `weights`.
  /// - Throws: `RenderingError` if fewer than two positions are left.
  public func datum(
    maxLength: Int? = nil, reduction: WeightReduction = .none
  ) throws(RenderingError) -> Datum {
    var input = Self.cut(chunks, to: maxLength ?? .max)
    let length = input.reduce(0) { $0 + $1.length }
    guard length >= 2 else {
      throw RenderingError(
        .conversation, "a training example needs two positions or more, and this one has \(length)")
    }
    if case .tokens(let last) = input[input.count - 1] {
      input.removeLast()
      if last.count > 1 { input.append(.tokens(Array(last.dropLast()))) }
    }
    var weights = Array(self.weights[1..<length])
    if reduction == .mean {
      let sum = weights.reduce(0, +)
      if sum > 0 { for index in weights.indices { weights[index] /= sum } }
    }
    return Datum(
      modelInput: ModelInput(chunks: input),
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData(tokens[1..<length].map { Int64($0) })),
        .init(name: "weights", tensor: TensorData(weights)),
      ])
  }

  /// The chunks that fit, without empty ones and without images at the end.
  private static func cut(_ chunks: [ModelInputChunk], to limit: Int) -> [ModelInputChunk] {
    var out: [ModelInputChunk] = []
    var left = max(limit, 0)
    for chunk in chunks where chunk.length > 0 {
      if chunk.length > left {
        if case .tokens(let tokens) = chunk, left > 0 {
          out.append(.tokens(Array(tokens[..<left])))
        }
        break
      }
      out.append(chunk)
      left -= chunk.length
    }
    while let last = out.last {
      if case .tokens = last { break }
      out.removeLast()
    }
    return out
  }
}
