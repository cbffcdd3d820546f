/// The mutable half of encoding: scratch memory and the word cache of one worker.
///
/// The way of a text: added tokens are cut out of the raw text; what lies between is normalized, and
/// added tokens are cut out of that; what lies between is split into pieces; each piece becomes ids.
/// Ids alone, ids with places and the mere count take the same way.
///
/// The tokenizer comes with each call: a tokenizer keeps states for later, which must not keep it.
struct EncoderState: ~Copyable, Sendable {
  /// When ids are counted, those of this many pieces exist at once.
  private static let countPortion = 1 << 12

  private var pieceEncoder: PieceEncoder
  private var characterEncoder = CharacterEncoder()
  private var pieces = PieceBuffer()
  private var rawCuts: [AddedTokenCut] = []
  private var normalizedCuts: [AddedTokenCut] = []
  private var places: TokenPlaces?
  private var surroundings: [OffsetTrimmer.Surroundings] = []
  /// Whether only the number of ids is wanted, and what it is so far.
  private var isCounting = false
  private var counted = 0

  init() { pieceEncoder = PieceEncoder() }

  /// A state that knows something already.
  init(_ encoder: consuming PieceEncoder) { pieceEncoder = encoder }

  // MARK: Entries

  mutating func append(
    _ text: UTF8Span, _ core: TokenizerCore, to ids: inout [UInt32], addSpecialTokens: Bool,
    addedTokens: AddedTokenMatching
  ) {
    if addSpecialTokens { ids.append(contentsOf: core.templateBefore) }
    appendText(text.span, core, to: &ids, addedTokens)
    if addSpecialTokens { ids.append(contentsOf: core.templateBehind) }
  }

  mutating func append(
    _ text: UTF8Span, _ core: TokenizerCore, to ids: inout [UInt32],
    byteOffsets: inout [Range<Int>],
    addSpecialTokens: Bool, addedTokens: AddedTokenMatching
  ) {
    places = TokenPlaces()
    surroundings.removeAll(keepingCapacity: true)
    let first = ids.count
    appendText(text.span, core, to: &ids, addedTokens)
    var ranges = places?.ranges ?? []
    places = nil
    var tokens = Array(ids[first...])
    for step in core.postProcessor.steps {
      switch step {
      case .trimOffsets(let addsPrefixSpace):
        OffsetTrimmer.trim(
          &ranges, surroundings, in: text.span, addsPrefixSpace: addsPrefixSpace)
      case .template(let before, let behind) where addSpecialTokens:
        tokens = before + tokens + behind
        ranges =
          before.map { _ in 0..<0 } + ranges + behind.map { _ in 0..<0 }
        surroundings = before.map { _ in .none } + surroundings + behind.map { _ in .none }
      case .template: break
      }
    }
    ids.removeSubrange(first...)
    ids.append(contentsOf: tokens)
    byteOffsets.append(contentsOf: ranges)
  }

  mutating func count(
    _ text: UTF8Span, _ core: TokenizerCore, addSpecialTokens: Bool, addedTokens: AddedTokenMatching
  ) -> Int {
    isCounting = true
    counted = 0
    var portion: [UInt32] = []
    appendText(text.span, core, to: &portion, addedTokens)
    isCounting = false
    let template =
      addSpecialTokens ? core.templateBefore.count + core.templateBehind.count : 0
    return counted + portion.count + template
  }

  // MARK: Added tokens

  private mutating func appendText(
    _ text: Span<UInt8>, _ core: TokenizerCore, to ids: inout [UInt32],
    _ matching: AddedTokenMatching
  ) {
    let matcher = core.tokens.added.rawMatcher
    if matching == .none || matcher.isEmpty {
      appendStretch(text, core, origin: 0, to: &ids, matching)
      return
    }
    matcher.cut(text, keepsSpecial: matching == .literal, into: &rawCuts)
    for index in rawCuts.indices {
      let cut = rawCuts[index]
      if let token = cut.token {
        append(
          matcher.tokens[token], core, at: cut.start..<cut.end, in: text, .original(origin: 0),
          to: &ids)
      } else {
        appendStretch(
          text.extracting(cut.start..<cut.end), core, origin: cut.start, to: &ids, matching)
      }
    }
  }

  private mutating func append(
    _ token: AddedToken, _ core: TokenizerCore, at range: Range<Int>, in text: Span<UInt8>,
    _ source: TokenPlaces.Source,
    to ids: inout [UInt32]
  ) {
    ids.append(token.id)
    guard places != nil else { return }
    places?.append(range, in: text, source)
    if core.postProcessor.trimsOffsets {
      surroundings.append(OffsetTrimmer.surroundings(of: text.extracting(range)))
    }
  }

  // MARK: Normalizing

  /// Appends a stretch between added tokens of the raw text.
  private mutating func appendStretch(
    _ text: Span<UInt8>, _ core: TokenizerCore, origin: Int, to ids: inout [UInt32],
    _ matching: AddedTokenMatching
  ) {
    let normalizer = core.normalizer
    if places == nil, let form = normalizer.onlyForm,
      matching == .none || core.tokens.added.normalizedMatcher.isEmpty,
      let isNormal = core.preTokenizer.split(text, into: &pieces, ifIn: form), isNormal
    {
      encodePieces(of: text, core, .original(origin: origin), to: &ids)
      return
    }
    if normalizer.isIdentity {
      appendNormalized(text, core, .original(origin: origin), to: &ids, matching)
    } else if let changed = normalizer.normalize(text) {
      if places == nil {
        appendNormalized(changed.span, core, .original(origin: origin), to: &ids, matching)
      } else {
        var aligned = AlignedText(text, origin: origin, tracked: true)
        normalizer.normalize(&aligned)
        appendNormalized(aligned.bytes.span, core, .changed(aligned), to: &ids, matching)
      }
    } else {
      appendNormalized(text, core, .original(origin: origin), to: &ids, matching)
    }
  }

  /// Appends a stretch of normalized text, which may hold more added tokens.
  private mutating func appendNormalized(
    _ text: Span<UInt8>, _ core: TokenizerCore, _ source: TokenPlaces.Source,
    to ids: inout [UInt32],
    _ matching: AddedTokenMatching
  ) {
    let matcher = core.tokens.added.normalizedMatcher
    if matching == .none || matcher.isEmpty {
      appendPieces(text, core, source, to: &ids)
      return
    }
    matcher.cut(text, keepsSpecial: matching == .literal, into: &normalizedCuts)
    for index in normalizedCuts.indices {
      let cut = normalizedCuts[index]
      let range = cut.start..<cut.end
      if let token = cut.token {
        append(matcher.tokens[token], core, at: range, in: text, source, to: &ids)
      } else {
        appendPieces(text.extracting(range), core, part(range, of: source), to: &ids)
      }
    }
  }

  private func part(_ range: Range<Int>, of source: TokenPlaces.Source) -> TokenPlaces.Source {
    guard places != nil else { return .original(origin: 0) }
    switch source {
    case .original(let origin): return .original(origin: origin + range.lowerBound)
    case .changed(let aligned): return .changed(aligned.slice(range))
    }
  }

  // MARK: Pieces

  /// Appends a stretch without added tokens.
  private mutating func appendPieces(
    _ text: Span<UInt8>, _ core: TokenizerCore, _ source: TokenPlaces.Source, to ids: inout [UInt32]
  ) {
    if text.isEmpty { return }
    if core.preTokenizer.addsPrefixSpace {
      var spaced: AlignedText
      switch source {
      case .original(let origin):
        spaced = AlignedText(text, origin: origin, tracked: places != nil)
      case .changed(let aligned): spaced = aligned
      }
      core.preTokenizer.split(adding: &spaced, into: &pieces)
      encodePieces(of: spaced.bytes.span, core, .changed(spaced), to: &ids)
    } else {
      core.preTokenizer.split(text, into: &pieces)
      encodePieces(of: text, core, source, to: &ids)
    }
  }

  private mutating func encodePieces(
    of text: Span<UInt8>, _ core: TokenizerCore, _ source: TokenPlaces.Source,
    to ids: inout [UInt32]
  ) {
    if places != nil {
      encodeOneByOne(of: text, core, source, to: &ids)
      return
    }
    var first = 0
    while first < pieces.count {
      let end = isCounting ? min(first + Self.countPortion, pieces.count) : pieces.count
      if core.worksOnBytes {
        pieceEncoder.append(pieces, first..<end, of: text, core.model, to: &ids)
      } else {
        for index in first..<end {
          characterEncoder.append(text.extracting(pieces[index]), core, to: &ids)
        }
      }
      first = end
      if isCounting {
        counted += ids.count
        ids.removeAll(keepingCapacity: true)
      }
    }
  }

  /// Encodes with places: piece by piece, and behind each its tokens' places.
  private mutating func encodeOneByOne(
    of text: Span<UInt8>, _ core: TokenizerCore, _ source: TokenPlaces.Source,
    to ids: inout [UInt32]
  ) {
    for index in 0..<pieces.count {
      let piece = pieces[index]
      let first = ids.count
      if core.worksOnBytes {
        pieceEncoder.append(pieces, index..<index + 1, of: text, core.model, to: &ids)
        // Tokens of bytes cover the piece without a gap.
        var start = piece.lowerBound
        for id in ids[first...] {
          let end = start + core.model.vocabulary.places[Int(id)].length
          places?.append(start..<end, in: text, source)
          start = end
        }
      } else {
        characterEncoder.append(text.extracting(piece), core, to: &ids)
        for token in 0..<ids.count - first {
          let range = characterEncoder.range(ofToken: token)
          places?.append(
            piece.lowerBound + range.lowerBound..<piece.lowerBound + range.upperBound, in: text,
            source)
        }
      }
      if core.postProcessor.trimsOffsets {
        for id in ids[first...] { surroundings.append(core.tokens.surroundings(of: id)) }
      }
    }
  }
}
