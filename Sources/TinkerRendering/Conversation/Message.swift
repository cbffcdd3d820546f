/// One message of a conversation.
///
/// An absent field and an empty one are different: an empty list of tool calls is written by some
/// families, and `trainable` counts as soon as it is there.
public struct Message: Sendable, Hashable {
  /// Who speaks: usually `system`, `user`, `assistant` or `tool`; families decide what else they take.
  public var role: String
  /// What is said.
  public var content: MessageContent
  /// The calls that an assistant makes, in order; `nil` when the key is absent.
  public var toolCalls: [ToolCall]?
  /// The calls that a parser could not read; never rendered.
  public var unparsedToolCalls: [UnparsedToolCall]?
  /// Whether the message is trained; needed by `TrainOn.customized` and refused by every other mode.
  public var trainable: Bool?
  /// Of a tool's message: the call that it answers.
  public var toolCallID: String?
  /// Of a tool's message: the name of the tool.
  public var name: String?

  /// A message; the optional fields are absent.
  public init(
    role: String, content: MessageContent, toolCalls: [ToolCall]? = nil,
    unparsedToolCalls: [UnparsedToolCall]? = nil, trainable: Bool? = nil, toolCallID: String? = nil,
    name: String? = nil
  ) {
    self.role = role
    self.content = content
    self.toolCalls = toolCalls
    self.unparsedToolCalls = unparsedToolCalls
    self.trainable = trainable
    self.toolCallID = toolCallID
    self.name = name
  }

  /// A system message.
  public static func system(_ text: String) -> Message {
    Message(role: Role.system, content: .text(text))
  }

  /// A user message.
  public static func user(_ text: String) -> Message {
    Message(role: Role.user, content: .text(text))
  }

  /// An assistant message.
  public static func assistant(_ text: String) -> Message {
    Message(role: Role.assistant, content: .text(text))
  }

  /// Whether there is at least one tool call.
  public var hasToolCalls: Bool { toolCalls?.isEmpty == false }
}

/// The roles that renderers ask about. Others are free strings.
public enum Role {
  /// Instructions for the whole conversation.
  public static let system = "system"
  /// The person.
  public static let user = "user"
  /// The model.
  public static let assistant = "assistant"
  /// A tool's answer.
  public static let tool = "tool"
  /// The declaration of tools, in the families that write it as a message of its own.
  public static let toolDeclaration = "tool_declare"
}
