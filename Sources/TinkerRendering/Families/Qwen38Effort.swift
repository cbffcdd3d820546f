import TinkerJSON

/// The sentence about reasoning effort that Qwen3.8 puts at the start of the system message.
enum Qwen38Effort {
  /// The most effort.
  static let xhigh =
    "Reasoning effort is set to xhigh. Please think carefully through the task, validate key "
    + "assumptions, consider plausible alternatives, and prioritize correctness, consistency, and "
    + "clarity in the final answer."
  /// Little effort.
  static let low =
    "Reasoning effort is set to low. Keep your thinking brief and focused, moving directly to the "
    + "conclusion without unnecessary elaboration."

  /// Puts the sentence where the template has it; an empty system message vanishes. Applying it twice
  /// changes nothing.
  static func apply(
    _ instruction: String, to messages: ArraySlice<Message>
  ) -> NormalizedMessages {
    guard let first = messages.first, first.role == Role.system else {
      if instruction.isEmpty { return NormalizedMessages(messages) }
      var added = Message.system(instruction)
      // Every message says whether it is trained, or none does.
      if messages.contains(where: { $0.trainable != nil }) { added.trainable = false }
      return NormalizedMessages.inserting(added, before: messages)
    }
    if case .parts(let parts) = first.content, !parts.allSatisfy(\.isText) {
      return NormalizedMessages(replacingFirst(of: messages, by: adding(instruction, to: parts)))
    }
    var text = String(PythonText.strip(first.content.joinedText[...]))
    if text.isEmpty && instruction.isEmpty {
      return NormalizedMessages(
        Array(messages.dropFirst())[...], sources: Array(messages.indices.dropFirst()))
    }
    if !instruction.isEmpty && !isIntroduced(text, by: instruction) {
      text = text.isEmpty ? instruction : "\(instruction)\n\n\(text)"
    }
    return NormalizedMessages(replacingFirst(of: messages, by: .text(text)))
  }

  private static func isIntroduced(_ text: String, by instruction: String) -> Bool {
    guard let rest = text.removing(prefix: instruction) else { return false }
    return rest.isEmpty || rest.utf8.starts(with: "\n\n".utf8)
  }

  private static func adding(
    _ instruction: String, to parts: [ContentPart]
  ) -> MessageContent {
    if instruction.isEmpty { return .parts(parts) }
    if case .text(let text) = parts[0], text.utf8.starts(with: instruction.utf8) {
      return .parts(parts)
    }
    return .parts([.text("\(instruction)\n\n")] + parts)
  }

  private static func replacingFirst(
    of messages: ArraySlice<Message>, by content: MessageContent
  ) -> ArraySlice<Message> {
    var all = messages
    all[all.startIndex].content = content
    return all
  }
}
