public import TinkerData

extension SupervisedExample {
  /// The example as the service takes it: each position of the input predicts the next token.
  ///
  /// The input is the chunks without their last token; empty chunks, and images at the end, which
  /// predict nothing, vanish. Targets and weights are those from the second position on.
  ///
  /// - Throws: `RenderingError` of kind `conversation` for fewer than two tokens.
  public func datum() throws(RenderingError) -> Datum {
    let shift = try NextTokenShift(self)
    let chunks = shift.chunks.compactMap { chunk -> ModelInputChunk? in
      switch chunk {
      case .tokens(let range): .tokens(Array(tokens[range]))
      case .image(let index): index < images.count ? .image(images[index]) : nil
      }
    }
    return Datum(
      modelInput: ModelInput(chunks: chunks),
      lossInputs: [
        Datum.LossInput(
          name: "target_tokens", tensor: TensorData(tokens[shift.targets].map { Int64($0) })),
        Datum.LossInput(name: "weights", tensor: TensorData(Array(weights[shift.targets]))),
      ])
  }
}
