public import TinkerData
public import TinkerTokenizer

/// An example as people look at it: each token with its text and everything that is known of it.
///
/// The views are made from this value alone, and this value from the segments: what a view shows is
/// what is trained.
public struct TokenView: Sendable {
  /// One token, or one image.
  public struct Token: Sendable, Hashable {
    /// The first position.
    public let position: Int
    /// The positions: 1, or those of an image.
    public let count: Int
    /// The id; `nil` for an image.
    public let id: UInt32?
    /// The text that the token completes. Empty for a token that only begins a character.
    public let text: String
    /// The token's first bytes that end a character which an earlier token began.
    public let endingBytes: [UInt8]
    /// The token's last bytes that begin a character which a later token ends.
    public let beginningBytes: [UInt8]
    /// The index of the token's segment.
    public let segment: Int
    /// The image that stands here; `nil` for a token.
    public let image: ImageChunk?

    /// What people want to know of an image: its positions, size, and patches.
    var imageFacts: [String] {
      var facts = ["\(count) positions"]
      if let image { facts.append("\(image.width)×\(image.height) pixels") }
      if let grid = image?.grid { facts.append("\(grid.columns)×\(grid.rows) patches") }
      return facts
    }

    /// Whether the token holds parts of characters.
    public var hasParts: Bool { !endingBytes.isEmpty || !beginningBytes.isEmpty }
  }

  /// The tokens in order.
  public let tokens: [Token]
  /// The segments of the example.
  public let segments: [Segment]
  /// The role of each message.
  public let roles: [String]

  /// Finds the text of each token.
  ///
  /// - Parameters:
  ///   - example: An example or a prompt.
  ///   - messages: The messages that it was made of, for their roles.
  ///   - tokenizer: The tokenizer that it was made with.
  public init(of example: some LaidOutTokens, messages: [Message], tokenizer: Tokenizer) {
    segments = example.segments
    roles = messages.map(\.role)
    var tokens: [Token] = []
    tokens.reserveCapacity(example.tokens.count)
    var assembler = CharacterAssembler()
    var images = example.images.makeIterator()
    for (index, segment) in example.segments.enumerated() where !segment.range.isEmpty {
      if segment.kind == .image {
        tokens.append(
          Token(
            position: segment.range.lowerBound, count: segment.range.count, id: nil, text: "",
            endingBytes: [], beginningBytes: [], segment: index, image: images.next()))
        continue
      }
      for position in segment.range {
        let id = example.tokens[position]
        let (text, ending, beginning) = assembler.add(tokenizer.decodeBytes([id]))
        tokens.append(
          Token(
            position: position, count: 1, id: id, text: text, endingBytes: ending,
            beginningBytes: beginning, segment: index, image: nil))
      }
    }
    self.tokens = tokens
  }

  init(tokens: [Token], segments: [Segment], roles: [String]) {
    self.tokens = tokens
    self.segments = segments
    self.roles = roles
  }

  /// The number of positions.
  public var count: Int { segments.last?.range.upperBound ?? 0 }

  /// The number of positions with a weight above 0.
  public var trainedCount: Int {
    segments.reduce(0) { $0 + ($1.weight > 0 ? $1.range.count : 0) }
  }

  /// The role of a segment's message; `nil` where the segment belongs to none, or to the message
  /// that a prompt asks for.
  public func role(of segment: Segment) -> String? {
    guard let message = segment.message, message < roles.count else { return nil }
    return roles[message]
  }
}

/// Puts characters together whose bytes come in several tokens.
struct CharacterAssembler {
  private var pending: [UInt8] = []

  /// Takes a token's bytes.
  ///
  /// - Returns: The text that they complete, and those of them that are parts of characters.
  mutating func add(_ bytes: [UInt8]) -> (text: String, ending: [UInt8], beginning: [UInt8]) {
    let ending = pending.isEmpty ? [] : Array(bytes.prefix { $0 & 0xC0 == 0x80 })
    pending += bytes
    let held = Self.incompleteSuffix(of: pending)
    let text = String(decoding: pending.dropLast(held), as: UTF8.self)
    pending.removeFirst(pending.count - held)
    // A token that neither begins nor ends its character is all ending.
    let beginning = bytes.count > ending.count ? Array(bytes.suffix(held)) : []
    return (text, ending, beginning)
  }

  /// The number of bytes at the end that begin a character without ending it.
  private static func incompleteSuffix(of bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let byte = bytes[bytes.count - length]
      if byte & 0xC0 == 0x80 { continue }
      let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
      return byte <= 0xF4 && needed > length ? length : 0
    }
    return 0
  }
}
