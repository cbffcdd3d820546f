import Synchronization

/// Everything about a tokenizer that never changes, shared by all encoders.
final class TokenizerCore: Sendable {
  let tokens: TokenTable
  let model: BytePairModel
  let normalizer: Normalizer
  let preTokenizer: PreTokenizer
  let postProcessor: PostProcessor
  let decoder: TokenDecoder
  let beginningOfSequence: SpecialToken?
  let endOfSequence: SpecialToken?

  /// Whether pieces are bytes, all of which the model knows: the fast way.
  let worksOnBytes: Bool
  /// The template's ids before a text.
  let templateBefore: [UInt32]
  /// The template's ids behind a text.
  let templateBehind: [UInt32]

  private let pool = EncoderPool()
  private let wholeWords = Mutex<WholeWords?>(nil)

  /// Puts a tokenizer together from what its files say.
  init(_ file: TokenizerFile, _ configuration: TokenizerConfiguration) throws(TokenizerError) {
    normalizer = file.normalizer
    preTokenizer = file.preTokenizer
    postProcessor = file.postProcessor
    decoder = file.decoder
    var vocabulary = file.model.vocabulary
    let added = try AddedVocabulary(
      file.addedTokens, trustsIDs: file.trustsAddedIDs, vocabulary: &vocabulary,
      normalizer: normalizer)
    tokens = TokenTable(vocabulary: vocabulary, added: added)
    model = BytePairModel(file.model, vocabulary: vocabulary)
    worksOnBytes =
      preTokenizer.endsInByteLevel && model.hasEveryByte && model.prefix.isEmpty
      && model.suffix.isEmpty
    if !worksOnBytes, let token = file.model.unknownToken, model.unknownID == nil {
      throw .tokenOutOfVocabulary(field: "model.unk_token", token: token)
    }
    var before: [UInt32] = []
    var behind: [UInt32] = []
    for case .template(let left, let right) in postProcessor.steps {
      before = left + before
      behind += right
    }
    templateBefore = before
    templateBehind = behind
    let tokens = tokens
    beginningOfSequence = configuration.beginning.map {
      SpecialToken(text: $0, id: tokens.id(of: $0))
    }
    endOfSequence = configuration.end.map { SpecialToken(text: $0, id: tokens.id(of: $0)) }
  }

  // MARK: Encoding

  /// A state whose word cache knows all tokens that are words, for many texts. The first one finds them.
  func makeKnowingState() -> EncoderState {
    guard worksOnBytes else { return EncoderState() }
    let words = wholeWords.withLock { held in
      let words = held ?? WholeWords(model)
      held = words
      return words
    }
    return EncoderState(PieceEncoder(words, of: model.vocabulary))
  }

  /// Runs a body with an encoder that nobody else is using.
  func withEncoder<Result>(_ body: (inout EncoderState) -> Result) -> Result {
    var state = pool.take() ?? EncoderState()
    let result = body(&state)
    pool.put(state)
    return result
  }

  // MARK: Decoding

  /// Whether decoding leaves an id out.
  func isDropped(_ id: UInt32, skipSpecialTokens: Bool) -> Bool {
    !tokens.contains(id) || (skipSpecialTokens && tokens.isSpecial(id))
  }

  func decode(_ ids: [UInt32], skipSpecialTokens: Bool) -> String {
    LossyUTF8.text(decodeBytes(ids, skipSpecialTokens: skipSpecialTokens))
  }

  func decodeBytes(_ ids: [UInt32], skipSpecialTokens: Bool) -> [UInt8] {
    if decoder.isByteLevel {
      let tokens = tokens
      return TokenCopyKernel.bytes(of: ids.span, tokens.vocabulary) { id in
        !(skipSpecialTokens && tokens.isSpecial(id))
      }
    }
    var strings: [[UInt8]] = []
    for id in ids where !isDropped(id, skipSpecialTokens: skipSpecialTokens) {
      if let string = tokens.bytes(of: id) { strings.append(string) }
    }
    return decoder.decode(strings)
  }

  /// Appends what a token is to the byte-level decoder: the bytes that its characters stand for if
  /// they are all of the alphabet, its UTF-8 otherwise. Tokens are stored in just this form.
  func appendBytes(of id: UInt32, to bytes: inout [UInt8]) {
    guard let place = tokens.vocabulary.place(of: id) else { return }
    bytes.append(contentsOf: tokens.vocabulary.bytes[place.range])
  }
}

extension Tokenizer {
  /// What the copies of a tokenizer share, so that a test can see that it goes.
  package var sharedPart: AnyObject { core }
}
