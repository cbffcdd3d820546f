extension Tokenizer {
  /// The number of bytes that a token stands for, or `nil` for an id that names none. Constant time.
  ///
  /// Where normalizing changed nothing, the counts of a text's ids add up to the bytes of the text,
  /// which tells the place of each token without offsets.
  public func byteCount(of id: UInt32) -> Int? { core.tokens.vocabulary.place(of: id)?.length }
}
