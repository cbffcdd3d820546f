/// How a response ended.
public enum ParseTermination: String, Sendable, Hashable {
  /// The renderer's stop sequence.
  case stopSequence = "stop_sequence"
  /// The tokenizer's end of sequence, where it is not the stop sequence.
  case eos
  /// Neither: the response was cut off, or its framing is broken.
  case malformed

  /// Whether the response ended as it should.
  public var isClean: Bool { self != .malformed }
  /// Whether the response ended with the stop sequence.
  public var isStopSequence: Bool { self == .stopSequence }
}

/// A response as a message.
public struct ParsedResponse: Sendable, Hashable {
  /// The message; its role is `assistant`.
  public var message: Message
  /// How the response ended.
  public var termination: ParseTermination

  /// A message with how it ended.
  public init(message: Message, termination: ParseTermination) {
    self.message = message
    self.termination = termination
  }
}

/// What is wrong with a response that was parsed.
public struct ParseFailure: Sendable, Hashable {
  /// Where the fault lies.
  public enum Kind: String, Sendable, Hashable {
    /// The framing is broken: the response did not end as it should.
    case structural
    /// The framing is whole, and something inside, for example a tool call, cannot be read.
    case content
  }

  /// Where the fault lies.
  public let kind: Kind
  /// A sentence, or the errors of the calls, one a line.
  public let detail: String
}

/// A piece of a response as it arrives.
public enum MessageDelta: Sendable, Hashable {
  /// The message begins.
  case header(role: String)
  /// Text, raw: with its padding and the text of tool calls.
  case text(String, contentIndex: Int)
  /// Reasoning, raw.
  case thinking(String, contentIndex: Int)
  /// The whole message, parsed; the last delta.
  case message(Message)
}

/// The ends of a response that a sampler must stop at.
public enum StopSequences: Sendable, Hashable {
  /// Any of these tokens.
  case tokens([UInt32])
  /// Any of these strings.
  case strings([String])
}
