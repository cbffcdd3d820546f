/// What a run of tokens is.
public enum SegmentKind: String, Sendable, Hashable, CaseIterable {
  /// The beginning-of-sequence tokens.
  case bos
  /// Who speaks: the tokens between two messages, and those that ask the model to go on.
  case header
  /// Text of the template inside a message, for example `<think>` tags.
  case framing
  /// Text of the caller.
  case content
  /// Reasoning of the caller.
  case thinking
  /// A tool call, or the block of calls.
  case toolCall = "tool_call"
  /// An image; its positions hold the token 0.
  case image
  /// What ends a message.
  case stop
  /// Text that was given to begin the answer with.
  case prefill
}

/// A run of tokens with what is known of it. Segments cover a sequence without gap or overlap.
public struct Segment: Sendable, Hashable {
  /// The positions in the flat tokens; empty where a chunk has no tokens.
  public var range: Range<Int>
  /// The index of the message; `nil` for the beginning of the sequence. A prompt's last header and
  /// its prefill belong to the message that is to come.
  public var message: Int?
  /// What the tokens are.
  public var kind: SegmentKind
  /// The weight of the loss on each of the tokens.
  public var weight: Float
  /// Whether the model would have sampled these tokens: they are an assistant's output and no prompt
  /// gives them.
  public var isSampled: Bool
  /// Whether the text is the caller's; otherwise it is the template's.
  public var isContent: Bool
  /// Whether a chunk begins here, that is, the text before was encoded in a call of its own.
  public var startsChunk: Bool

  /// A segment.
  public init(
    range: Range<Int>, message: Int?, kind: SegmentKind, weight: Float = 0, isSampled: Bool = false,
    isContent: Bool = false, startsChunk: Bool = true
  ) {
    self.range = range
    self.message = message
    self.kind = kind
    self.weight = weight
    self.isSampled = isSampled
    self.isContent = isContent
    self.startsChunk = startsChunk
  }
}
