/// A byte-level BPE tokenizer as a `tokenizer.json` describes it: text to ids and back.
///
/// ```swift
/// let tokenizer = try Tokenizer(contentsOf: "Qwen3-8B")
/// let ids = tokenizer.encode("Hello, world!")
/// let text = tokenizer.decode(ids)
/// ```
///
/// The ids, offsets and decoded texts are those of the `tokenizers` library. A value is immutable
/// and may be used from any number of threads at once. For many texts on one thread, keep an
/// ``Encoder``; for many texts on all cores, call ``encodeBatch(_:addSpecialTokens:addedTokens:workers:)``.
public struct Tokenizer: Sendable {
  let core: TokenizerCore

  /// Loads a tokenizer from a folder or a file.
  ///
  /// A folder holds `tokenizer.json`, or `tiktoken.model` with a `tokenizer_config.json`.
  /// `tokenizer_config.json` beside the file is read for the names of the first and last token.
  ///
  /// - Throws: `TokenizerError` that names the file and the field.
  public init(contentsOf path: String) throws(TokenizerError) {
    core = try TokenizerCore(contentsOf: path)
  }

  /// Makes a tokenizer from the bytes of its files.
  ///
  /// - Parameters:
  ///   - json: the content of `tokenizer.json`.
  ///   - configuration: the content of `tokenizer_config.json`, if there is one.
  /// - Throws: `TokenizerError` that names the field.
  public init(json: [UInt8], configuration: [UInt8]? = nil) throws(TokenizerError) {
    core = try TokenizerCore(json: json, configuration: configuration)
  }

  // MARK: Text to ids

  /// The ids of a text.
  ///
  /// - Parameters:
  ///   - text: any text; the empty one has no ids but those of the template.
  ///   - addSpecialTokens: whether the file's template is applied (a begin-of-text token, say).
  ///   - addedTokens: which added tokens are recognised inside the text.
  /// - Returns: the ids in the order of the text.
  public func encode(
    _ text: String, addSpecialTokens: Bool = false, addedTokens: AddedTokenMatching = .match
  ) -> [UInt32] {
    core.withEncoder { encoder in
      var ids: [UInt32] = []
      encoder.append(
        text.utf8Span, core, to: &ids, addSpecialTokens: addSpecialTokens, addedTokens: addedTokens)
      return ids
    }
  }

  /// The ids of a text with the place of each in the text.
  ///
  /// - Parameters: as for ``encode(_:addSpecialTokens:addedTokens:)``.
  public func encodeWithOffsets(
    _ text: String, addSpecialTokens: Bool = false, addedTokens: AddedTokenMatching = .match
  ) -> Encoding {
    core.withEncoder { encoder in
      var ids: [UInt32] = []
      var offsets: [Range<Int>] = []
      encoder.append(
        text.utf8Span, core, to: &ids, byteOffsets: &offsets, addSpecialTokens: addSpecialTokens,
        addedTokens: addedTokens)
      return Encoding(text: text, ids: ids, byteOffsets: offsets)
    }
  }

  /// The number of ids of a text, without making the array.
  ///
  /// - Parameters: as for ``encode(_:addSpecialTokens:addedTokens:)``.
  public func count(
    _ text: String, addSpecialTokens: Bool = false, addedTokens: AddedTokenMatching = .match
  ) -> Int {
    core.withEncoder { encoder in
      encoder.count(
        text.utf8Span, core, addSpecialTokens: addSpecialTokens, addedTokens: addedTokens)
    }
  }

  /// An encoder for one worker, with a word cache of its own.
  ///
  /// - Parameter knowsWords: whether the cache knows every token that is a whole word from the start. The
  ///   first such encoder of a tokenizer takes about as long as loading it, and each takes 16 MB; long
  ///   texts are then faster the first time.
  /// - Returns: the encoder.
  public func makeEncoder(knowsWords: Bool = false) -> Encoder {
    Encoder(core, knowsWords: knowsWords)
  }

  // MARK: Ids to text

  /// The text of ids. Ids that name no token are left out, as the reference does.
  ///
  /// Bytes that are no UTF-8 become one U+FFFD per maximal invalid part.
  ///
  /// - Parameters:
  ///   - ids: any ids.
  ///   - skipSpecialTokens: whether the tokens marked `special` are left out.
  /// - Returns: the text.
  public func decode(_ ids: [UInt32], skipSpecialTokens: Bool = false) -> String {
    core.decode(ids, skipSpecialTokens: skipSpecialTokens)
  }

  /// The text of ids, each of which must name a token.
  ///
  /// - Throws: `TokenizerError.unknownID` with the first id that names none.
  public func decodeStrictly(
    _ ids: [UInt32], skipSpecialTokens: Bool = false
  ) throws(TokenizerError) -> String {
    for (position, id) in ids.enumerated() where !core.tokens.contains(id) {
      throw .unknownID(id, position: position)
    }
    return core.decode(ids, skipSpecialTokens: skipSpecialTokens)
  }

  /// The bytes of ids before they are read as UTF-8; the bytes of the text where the file's decoder
  /// works on text.
  public func decodeBytes(_ ids: [UInt32], skipSpecialTokens: Bool = false) -> [UInt8] {
    core.decodeBytes(ids, skipSpecialTokens: skipSpecialTokens)
  }

  /// A decoder for ids that arrive one by one.
  public func makeDecodeStream(skipSpecialTokens: Bool = false) -> DecodeStream {
    DecodeStream(core, skipSpecialTokens: skipSpecialTokens)
  }

  // MARK: The vocabulary

  /// The number of tokens, added ones included.
  public var vocabularySize: Int { core.tokens.count }

  /// The id of a token as the file spells it (`Ġthe`), or `nil`. Constant time.
  public func tokenID(of token: String) -> UInt32? { core.tokens.id(of: token) }

  /// A token as the file spells it, or `nil`. Constant time.
  public func token(for id: UInt32) -> String? { core.tokens.content(of: id) }

  /// Whether an id names an added token that is marked `special`.
  public func isSpecial(_ id: UInt32) -> Bool { core.tokens.isSpecial(id) }

  /// Whether an id is that of an added token, which is found in text as a whole, special or not.
  public func isAdded(_ id: UInt32) -> Bool { core.tokens.isAdded(id) }

  /// The token that `tokenizer_config.json` puts before a text, if it names one.
  public var beginningOfSequence: SpecialToken? { core.beginningOfSequence }

  /// The token that `tokenizer_config.json` puts after a text, if it names one.
  public var endOfSequence: SpecialToken? { core.endOfSequence }
}
