import TinkerData
public import TinkerTokenizer

/// A token of one side of a comparison.
public struct DiffToken: Sendable, Hashable {
  /// The id; `nil` for an image.
  public let id: UInt32?
  /// The bytes that the token stands for; without a tokenizer, its id in digits.
  public let bytes: [UInt8]
  /// The weight of the loss.
  public let weight: Float
  /// Whether the text is the caller's.
  public let isContent: Bool
  /// The index of the message; `nil` where it is not known.
  public let message: Int?

  /// A token.
  public init(
    id: UInt32?, bytes: [UInt8], weight: Float, isContent: Bool = false, message: Int? = nil
  ) {
    self.id = id
    self.bytes = bytes
    self.weight = weight
    self.isContent = isContent
    self.message = message
  }

  /// The text on one line, with names for what cannot be seen.
  public var shown: String {
    if id == nil { return "[image]" }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return "<\(VisibleText.hexadecimal(bytes))>"
    }
    return VisibleText.flat(text)
  }

  /// The tokens of an example or a prompt.
  public static func tokens(
    of example: some LaidOutTokens, tokenizer: Tokenizer
  ) -> [DiffToken] {
    var out: [DiffToken] = []
    out.reserveCapacity(example.tokens.count)
    var images = example.images.makeIterator()
    for segment in example.segments where !segment.range.isEmpty {
      if segment.kind == .image {
        let size = images.next().map { "\($0.width)x\($0.height) \($0.expectedTokens)" } ?? ""
        out.append(
          DiffToken(
            id: nil, bytes: Array(size.utf8), weight: segment.weight, isContent: true,
            message: segment.message))
        continue
      }
      for id in example.tokens[segment.range] {
        out.append(
          DiffToken(
            id: id, bytes: tokenizer.decodeBytes([id]), weight: segment.weight,
            isContent: segment.isContent, message: segment.message))
      }
    }
    return out
  }
}
