/// How far a renderer follows its reference.
public enum RenderingMode: String, Sendable, Hashable, CaseIterable {
  /// Exactly, its known faults included.
  case reference
  /// Exactly, but in the text of users and tools no added token matches: it stays text, whatever it
  /// spells.
  case plainText = "plain-text"
  /// With every ``StrictCorrection``, plain text among them.
  case strict
}

/// A known fault of the reference that ``RenderingMode/strict`` does not copy.
public enum StrictCorrection: String, Sendable, Hashable, CaseIterable {
  /// All families: what an added token spells in the text of users and tools, and a special one in
  /// any content, stays text.
  case literalContent = "literal-content"
  /// `role_colon`: no `<UNUSED>` behind a last message that is not an assistant's.
  case noUnusedStop = "no-unused-stop"
  /// `role_colon`: content that spells the stop sequence is refused.
  case refusedMarkers = "refused-markers"
  /// `role_colon`, `llama3`: tool calls are refused instead of dropped.
  case refusedToolCalls = "refused-tool-calls"
  /// `qwen3`: tool results in a row share one user block.
  case groupedToolResults = "grouped-tool-results"
  /// `qwen3`: reasoning behind the last user message is kept.
  case keptTurnReasoning = "kept-turn-reasoning"
  /// `qwen3`: the arguments of a call are written as they came.
  case keptArguments = "kept-arguments"
  /// `qwen3_instruct`: a conversation with reasoning is split into an example for each answer.
  case splitReasoning = "split-reasoning"
  /// `deepseekv3*`: an answer with empty text ends as every other.
  case endedAnswers = "ended-answers"
  /// `deepseekv3_thinking`: earlier turns lose their reasoning also with tool calls or inline.
  case strippedCallReasoning = "stripped-call-reasoning"
  /// `deepseekv3*`: calls of tools with any name are parsed.
  case anyToolName = "any-tool-name"
}
