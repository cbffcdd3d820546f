extension Tokenizer {
  /// The ids of many texts, encoded on several cores. The order is that of the texts.
  ///
  /// - Parameters:
  ///   - texts: the texts.
  ///   - addSpecialTokens: whether the file's template is applied to each.
  ///   - addedTokens: which added tokens are recognised inside the texts.
  ///   - workers: the number of threads; `nil` takes one for each core.
  /// - Returns: the ids of each text.
  public func encodeBatch(
    _ texts: [String], addSpecialTokens: Bool = false, addedTokens: AddedTokenMatching = .match,
    workers: Int? = nil
  ) -> [[UInt32]] {
    texts.map { encode($0, addSpecialTokens: addSpecialTokens, addedTokens: addedTokens) }
  }
}
