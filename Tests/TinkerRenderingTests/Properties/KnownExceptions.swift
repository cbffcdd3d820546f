import TinkerJSON
import TinkerRendering

/// What the formats promise, beyond what holds for every conversation.
enum Promise: String {
  /// The prompt before the last answer is a prefix of the example.
  case promptIsPrefix
  /// Each prompt with its answer is a prefix of the next prompt, where the renderer claims it.
  case extends
  /// What the model would sample for the last answer parses back into it.
  case parsesBack
}

/// Where the reference breaks a promise, and so do we. Every row is met by the generated
/// conversations; a break that no row explains is a fault of ours.
struct KnownException {
  let promise: Promise
  /// Renderers by their names; `*` stands for all.
  let renderers: [String]
  let why: String
  /// Whether it may happen to a conversation, which ends with an assistant's message.
  let mayHappen: @Sendable ([Message]) -> Bool

  func explains(_ promise: Promise, of renderer: String, in messages: [Message]) -> Bool {
    promise == self.promise && (renderers == ["*"] || renderers.contains(renderer))
      && mayHappen(messages)
  }

  static let all: [KnownException] = [
    // MARK: The prompt is no prefix
    KnownException(
      promise: .promptIsPrefix,
      renderers: ["qwen3", "qwen3.keep_thinking", "qwen3_disable_thinking"],
      why: "of two assistants in a row the first is framed as the last one in the prompt",
      mayHappen: { endsWithTwoAnswers($0) }),
    KnownException(
      promise: .promptIsPrefix, renderers: ["qwen3_disable_thinking"],
      why: "a turn that reasons is refused: the prompt closes the reasoning",
      mayHappen: { last($0).hasThinking || hasTag(last($0)) }),
    KnownException(
      promise: .promptIsPrefix, renderers: ["qwen3_disable_thinking"],
      why: "white space and a newline at the start of the answer merge with the block before it",
      mayHappen: { startsWithBlankLine(last($0)) }),
    KnownException(
      promise: .promptIsPrefix,
      renderers: ["deepseekv3_thinking", "deepseekv3_thinking.keep_thinking"],
      why: "the prompt opens the reasoning; an answer that is empty or begins with text does not",
      mayHappen: { !beginsWithThinking(last($0)) || endsWithTwoAnswers($0) }),
    KnownException(
      promise: .promptIsPrefix, renderers: ["deepseekv3_thinking", "deepseekv3"],
      why: "of two assistants in a row the first loses reasoning as soon as it is not the last",
      mayHappen: { endsWithTwoAnswers($0) }),
    KnownException(
      promise: .promptIsPrefix, renderers: ["qwen3_vl", "qwen3_instruct"],
      why: "of two assistants in a row the first loses reasoning as soon as it is not the last",
      mayHappen: { endsWithTwoAnswers($0) }),
    // MARK: Prompts do not extend
    KnownException(
      promise: .extends, renderers: ["role_colon"],
      why: "the sampled stop holds the next header only before a user message",
      mayHappen: { messages in
        messages.indices.dropFirst().contains {
          messages[$0 - 1].role == Role.assistant && messages[$0].role != Role.user
        }
      }),
    KnownException(
      promise: .extends, renderers: ["qwen3_instruct"],
      why: "reasoning is left out of the history",
      mayHappen: { $0.contains { $0.role == Role.assistant && hasThinkingPart($0.content) } }),
    KnownException(
      promise: .extends, renderers: ["deepseekv3"],
      why: "an answer behind a tool's result keeps its reasoning only while it is last",
      mayHappen: { messages in
        messages.indices.contains {
          $0 > 0 && messages[$0].role == Role.assistant && messages[$0 - 1].role == Role.tool
            && hasThinkingPart(messages[$0].content)
        }
      }),
    KnownException(
      promise: .extends, renderers: ["deepseekv3_thinking.keep_thinking"],
      why: "a last turn without reasoning gets an empty block and an earlier one does not",
      mayHappen: { messages in
        messages.contains { $0.role == Role.assistant && !$0.content.hasThinking }
      }),
    KnownException(
      promise: .extends, renderers: ["deepseekv3_thinking.keep_thinking"],
      why: "the prompt opens the reasoning; an answer that begins with text does not",
      mayHappen: { messages in
        messages.contains { $0.role == Role.assistant && !beginsWithThinking($0.content) }
      }),
    // MARK: The answer does not parse back
    KnownException(
      promise: .parsesBack, renderers: ["*"],
      why: "tags inside text become blocks, or are cut at the first closing one",
      mayHappen: { hasTag(last($0)) }),
    KnownException(
      promise: .parsesBack,
      renderers: [
        "qwen3", "qwen3.keep_thinking", "qwen3_disable_thinking", "qwen3_instruct", "qwen3_vl",
      ],
      why: "the normalizer composes decomposed text",
      mayHappen: { hasDecomposedText($0) }),
    KnownException(
      promise: .parsesBack, renderers: ["qwen3", "qwen3.keep_thinking", "qwen3_vl"],
      why: "framing takes the newlines around reasoning and before the text behind it",
      mayHappen: { touchesFrames(last($0)) }),
    KnownException(
      promise: .parsesBack, renderers: ["qwen3", "qwen3.keep_thinking", "qwen3_disable_thinking"],
      why: "newlines at the start of an answer give way to the empty block",
      mayHappen: { last($0).joinedText.hasPrefix("\n") }),
    KnownException(
      promise: .parsesBack,
      renderers: [
        "qwen3", "qwen3.keep_thinking", "qwen3_disable_thinking", "qwen3_instruct", "qwen3_vl",
      ],
      why: "a newline stands between text and the first call",
      mayHappen: { $0.last?.hasToolCalls == true }),
    KnownException(
      promise: .parsesBack, renderers: ["role_colon"],
      why: "one paragraph break at the end is taken for the format's",
      mayHappen: { last($0).joinedText.hasSuffix("\n\n") }),
    KnownException(
      promise: .parsesBack, renderers: ["role_colon", "llama3"],
      why: "tool calls are not written",
      mayHappen: { $0.last?.hasToolCalls == true }),
    KnownException(
      promise: .parsesBack,
      renderers: ["deepseekv3", "deepseekv3_thinking", "deepseekv3_thinking.keep_thinking"],
      why: "an answer without content has no end",
      mayHappen: { last($0).joinedText.isEmpty }),
    KnownException(
      promise: .parsesBack,
      renderers: ["deepseekv3", "deepseekv3_thinking", "deepseekv3_thinking.keep_thinking"],
      why: "content beside tool calls is trimmed",
      mayHappen: { $0.last?.hasToolCalls == true }),
    KnownException(
      promise: .parsesBack,
      renderers: ["deepseekv3_thinking", "deepseekv3_thinking.keep_thinking"],
      why: "text before reasoning is taken for reasoning whose tag the prompt gave",
      mayHappen: { hasThinkingPart(last($0)) && !beginsWithThinking(last($0)) }),
    KnownException(
      promise: .parsesBack,
      renderers: ["deepseekv3_thinking", "deepseekv3_thinking.keep_thinking"],
      why: "empty reasoning is dropped",
      mayHappen: { hasThinkingPart(last($0)) && texts(last($0)).contains("") }),
    KnownException(
      promise: .parsesBack, renderers: ["deepseekv3"],
      why: "reasoning is left out unless the answer follows a tool",
      mayHappen: { hasThinkingPart(last($0)) }),
  ]

  // MARK: What conversations are like

  private static func last(_ messages: [Message]) -> MessageContent {
    messages.last?.content ?? .text("")
  }

  private static func endsWithTwoAnswers(_ messages: [Message]) -> Bool {
    messages.suffix(2).map(\.role) == [Role.assistant, Role.assistant]
  }

  static func hasThinkingPart(_ content: MessageContent) -> Bool {
    guard case .parts(let parts) = content else { return false }
    return parts.contains { if case .thinking = $0 { true } else { false } }
  }

  private static func beginsWithThinking(_ content: MessageContent) -> Bool {
    switch content {
    case .text(let text): text.hasPrefix("<think>")
    case .parts(let parts): if case .thinking? = parts.first { true } else { false }
    }
  }

  private static func texts(_ content: MessageContent) -> [String] {
    content.asParts.map { part in
      switch part {
      case .text(let text), .thinking(let text): text
      case .image, .other: ""
      }
    }
  }

  private static func hasTag(_ content: MessageContent) -> Bool {
    texts(content).contains { $0.contains("<think>") || $0.contains("</think>") }
  }

  private static func hasDecomposedText(_ messages: [Message]) -> Bool {
    messages.contains { texts($0.content).contains { $0.unicodeScalars.contains("\u{301}") } }
  }

  private static func startsWithBlankLine(_ content: MessageContent) -> Bool {
    let text = content.joinedText
    let blank = text.unicodeScalars.prefix { PythonText.isSpace($0) }
    return blank.contains("\n")
  }

  /// Whether newlines stand where framing takes them, or reasoning is not at the start.
  private static func touchesFrames(_ content: MessageContent) -> Bool {
    guard hasThinkingPart(content) else { return false }
    let parts = texts(content)
    return parts.contains { $0.hasPrefix("\n") || $0.hasSuffix("\n") || $0.isEmpty }
  }
}
