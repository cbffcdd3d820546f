public import TinkerData
public import TinkerTokenizer

/// Where a family writes a message: tokens into one flat buffer, with the segments that describe
/// them.
///
/// A chunk is what one call of the tokenizer gives; merges never cross its border. A family composes
/// a chunk of pieces (`framing`, `content`, …) and ends it with `endChunk`, or appends ids that it has
/// encoded when the renderer was made.
public struct TokenWriter: ~Copyable {
  /// A stretch of text in the chunk that is being composed.
  struct Piece {
    let text: Substring
    let kind: SegmentKind
    let isContent: Bool
    /// Where the piece ends in the bytes of the chunk.
    var end = 0
  }

  /// What becomes of what a family writes.
  enum Purpose {
    /// A training example: everything is kept, empty chunks too.
    case example
    /// A message of a prompt: empty chunks and the overlap of the stop are left out.
    case prompt
    /// What asks for the next message: only the header is kept.
    case suffix
  }

  let tokenizer: Tokenizer
  let encoder: Encoder
  let images: (any ImageChunkMaker)?
  let mode: RenderingMode

  var tokens: [UInt32] = []
  var segments: [Segment] = []
  var chunkImages: [ImageChunk] = []

  var purpose = Purpose.example
  var message: Int?
  var headerWeight: Float = 0
  var outputWeight: Float = 0
  var isAnswer = false
  /// Whether the message is text from outside: a user's or a tool's.
  var isForeign = false
  var isLast = false
  /// The first segment of the present message.
  var messageStart = 0
  /// Whether a chunk began that has no tokens yet; what continues it then begins it.
  var leavesChunkOpen = false

  var pieces: [Piece] = []
  var joined = ""
  /// The place of each token of the present chunk in its bytes.
  var places: [Range<Int>] = []

  init(tokenizer: Tokenizer, images: (any ImageChunkMaker)?, mode: RenderingMode) {
    self.tokenizer = tokenizer
    self.images = images
    self.mode = mode
    encoder = tokenizer.makeEncoder()
  }

  // MARK: Headers

  /// Appends the header of the message: one chunk of ids.
  public mutating func header(_ ids: [UInt32]) {
    append(ids, kind: .header, isContent: false, startsChunk: true)
  }

  /// Encodes the header of the message as one chunk.
  public mutating func header(encoding text: String) {
    let start = tokens.count
    encoder.append(text, to: &tokens)
    close(from: start, kind: .header, isContent: false, startsChunk: true)
  }

  /// Adds header text to the chunk. The chunk is encoded in one call, and a token that begins in the
  /// header belongs to it; the output begins a chunk of its own behind it.
  public mutating func headerPiece(_ text: String) {
    piece(Substring(text), .header, isContent: false)
  }

  // MARK: Output

  /// Adds text of the template to the chunk.
  public mutating func framing(_ text: String) {
    piece(Substring(text), .framing, isContent: false)
  }

  /// Adds text of the caller to the chunk.
  public mutating func content(_ text: Substring) { piece(text, .content, isContent: true) }

  /// Adds text of the caller to the chunk.
  public mutating func content(_ text: String) { piece(Substring(text), .content, isContent: true) }

  /// Adds reasoning of the caller to the chunk.
  public mutating func thinking(_ text: Substring) { piece(text, .thinking, isContent: true) }

  /// Adds reasoning of the caller to the chunk.
  public mutating func thinking(_ text: String) {
    piece(Substring(text), .thinking, isContent: true)
  }

  /// Adds text of a tool call to the chunk: the caller's, or the template's around it.
  public mutating func toolCall(_ text: String, isContent: Bool) {
    piece(Substring(text), .toolCall, isContent: isContent)
  }

  /// Adds text that ends the message to the chunk.
  public mutating func stop(_ text: String) { piece(Substring(text), .stop, isContent: false) }

  /// Whether nothing has been added to the chunk that is being composed.
  public var isChunkEmpty: Bool { pieces.isEmpty }

  /// Encodes what was added as one chunk of the message's output, by default with all added tokens
  /// matching; or, `continuing` the chunk before, as a call of its own in the same chunk.
  public mutating func endChunk(
    _ addedTokens: AddedTokenMatching = .match, continuing: Bool = false
  ) {
    encodePieces(addedTokens, startsChunk: !continuing)
  }

  /// Appends ids to the output, by default as a chunk of their own.
  public mutating func append(_ ids: [UInt32], kind: SegmentKind, startsChunk: Bool = true) {
    if purpose == .suffix { return }
    append(ids, kind: kind, isContent: false, startsChunk: startsChunk)
  }

  /// Appends an image, which is the content's part of that index, as a chunk of the output between two
  /// markers of the template. The first marker ends a chunk, the second begins one.
  ///
  /// - Throws: `RenderingError` if the renderer was made without a source of images, or the image
  ///   cannot be used.
  public mutating func image(
    _ source: ImageSource, part index: Int, between open: String, and close: String
  ) throws(RenderingError) {
    framing(open)
    endChunk()
    do throws(RenderingError) { try image(source) } catch {
      throw error.inside("content[\(index)]")
    }
    framing(close)
  }

  private mutating func image(_ source: ImageSource) throws(RenderingError) {
    if purpose == .suffix { return }
    guard let images else {
      throw RenderingError(
        .conversation,
        """
        the message has an image, and the renderer was made without a source of images (in Swift \
        `images:`, on the command line --image-preset or --image-config)
        """)
    }
    let chunk: ImageChunk
    do { chunk = try images.chunk(for: source) } catch { throw RenderingError(error) }
    chunkImages.append(chunk)
    let start = tokens.count
    tokens.append(contentsOf: repeatElement(0, count: chunk.expectedTokens))
    record(start..<tokens.count, kind: .image, isContent: true, startsChunk: true)
  }

  /// Appends the part of the stop sequence that overlaps the next header; kept only at the end of an
  /// example.
  public mutating func stopOverlap(_ ids: [UInt32]) {
    if purpose != .example || !isLast { return }
    append(ids, kind: .stop, isContent: false, startsChunk: true)
  }

  // MARK: Segments

  /// Forgets a chunk that an error has left unfinished.
  mutating func dropPieces() { pieces.removeAll(keepingCapacity: true) }

  mutating func piece(_ text: Substring, _ kind: SegmentKind, isContent: Bool) {
    if (purpose == .suffix && kind != .header) || text.utf8.isEmpty { return }
    pieces.append(Piece(text: text, kind: kind, isContent: isContent))
  }

  mutating func append(_ ids: [UInt32], kind: SegmentKind, isContent: Bool, startsChunk: Bool) {
    let start = tokens.count
    tokens.append(contentsOf: ids)
    close(from: start, kind: kind, isContent: isContent, startsChunk: startsChunk)
  }

  /// Describes the tokens since `start`.
  private mutating func close(
    from start: Int, kind: SegmentKind, isContent: Bool, startsChunk: Bool
  ) {
    // An empty chunk counts in an example; a prompt leaves it out.
    if start == tokens.count && (purpose != .example || !startsChunk) {
      leavesChunkOpen = leavesChunkOpen || startsChunk
      return
    }
    record(start..<tokens.count, kind: kind, isContent: isContent, startsChunk: startsChunk)
  }

  /// Appends a segment with what the message gives it.
  mutating func record(
    _ range: Range<Int>, kind: SegmentKind, isContent: Bool, startsChunk: Bool
  ) {
    let isOutput = kind != .header && kind != .bos
    segments.append(
      Segment(
        range: range, message: message, kind: kind,
        weight: kind == .bos ? 0 : isOutput ? outputWeight : headerWeight,
        isSampled: isAnswer && isOutput && kind != .image, isContent: isContent,
        startsChunk: startsChunk || leavesChunkOpen))
    leavesChunkOpen = false
  }

  private mutating func encodePieces(_ addedTokens: AddedTokenMatching, startsChunk: Bool) {
    if purpose == .suffix && pieces.isEmpty { return }
    defer { pieces.removeAll(keepingCapacity: true) }
    let start = tokens.count
    guard let first = pieces.first else {
      close(from: start, kind: .content, isContent: true, startsChunk: startsChunk)
      return
    }
    if mode != .reference, encodeLiterally(addedTokens, startsChunk: startsChunk) { return }
    if pieces.count == 1 {
      encoder.append(first.text.utf8Span, to: &tokens, addedTokens: addedTokens)
      close(from: start, kind: first.kind, isContent: first.isContent, startsChunk: startsChunk)
      return
    }
    joined.removeAll(keepingCapacity: true)
    for index in pieces.indices {
      joined.append(contentsOf: pieces[index].text)
      pieces[index].end = joined.utf8.count
    }
    encoder.append(joined, to: &tokens, addedTokens: addedTokens)
    attribute(from: start, addedTokens, startsChunk)
    if tokens.count == start {
      close(from: start, kind: first.kind, isContent: first.isContent, startsChunk: startsChunk)
    }
  }
}
