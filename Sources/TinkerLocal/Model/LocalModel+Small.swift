internal import TinkerTokenizer

extension LocalModel {
  /// A small model of random weights over a tokenizer, to try recipes on: 4 layers of width 128 and about a
  /// million parameters. Its adapters memorise a few hundred words in seconds; it knows nothing.
  ///
  /// - Parameters:
  ///   - name: The name by which it is asked for.
  ///   - seed: The seed of the weights.
  ///   - folder: The folder of the tokenizer.
  ///   - seesImages: Whether it has a tower of 4 blocks, which makes 4 tokens of 64 × 64 pixels.
  /// - Returns: The model.
  /// - Throws: `LocalError.model` if the tokenizer cannot be used, or has no token for images.
  public static func small(
    _ name: String = "demo", seed: UInt64 = 1, tokenizer folder: String, seesImages: Bool = false
  ) throws(LocalError) -> LocalModel {
    let tokenizer: Tokenizer
    do throws(TokenizerError) { tokenizer = try Tokenizer(contentsOf: folder) } catch {
      throw .model(path: folder, problem: "the tokenizer cannot be used: \(error)")
    }
    var vision: VisionConfiguration?
    if seesImages {
      guard let token = tokenizer.tokenID(of: "<|image_pad|>") else {
        throw .model(path: folder, problem: "the tokenizer has no token <|image_pad|>")
      }
      vision = VisionConfiguration(
        depth: 4, hiddenSize: 64, intermediateSize: 128, heads: 4, positionSide: 16,
        deepStackBlocks: [1], imageToken: token, minPixels: 4096)
    }
    let end = tokenizer.tokenID(of: "<|im_end|>") ?? tokenizer.endOfSequence?.id
    let configuration = ModelConfiguration(
      vocabularySize: tokenizer.vocabularySize, hiddenSize: 128, intermediateSize: 384, layers: 4,
      heads: 4, keyValueHeads: 2, headWidth: 32, endTokens: end.map { [$0] } ?? [],
      vision: vision)
    return LocalModel(
      name: name, source: .seed(seed, configuration, .scaled), tokenizerFolder: folder)
  }
}
