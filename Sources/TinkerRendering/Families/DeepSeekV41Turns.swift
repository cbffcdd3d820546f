import TinkerJSON

/// Conversations in the turns of DeepSeek-V4.1. Indices are kept: messages that another one carries
/// become empty.
enum DeepSeekV41Turns {
  /// Whether a message belongs to a user turn.
  static func isUserTurn(_ message: Message) -> Bool {
    message.role == Role.user || message.role == Role.tool
  }

  /// The index of the last message of a user turn, or of a system message that is not the first; -1
  /// if there is none.
  static func lastUserTurn(in messages: ArraySlice<Message>) -> Int {
    messages.indices.last {
      isUserTurn(messages[$0]) || (messages[$0].role == Role.system && $0 > 0)
    } ?? -1
  }

  /// Tool declarations go into the system message, and each run of user and tool messages into its
  /// first one, results in the order of their calls.
  ///
  /// - Throws: `RenderingError` for a declaration in another place, or content that is no text.
  static func shaped(
    _ messages: ArraySlice<Message>
  ) throws(RenderingError) -> ArraySlice<Message> {
    var all = messages
    for index in all.indices where all[index].role == Role.toolDeclaration {
      do throws(RenderingError) { try fold(index, of: &all) } catch {
        throw error.inside("messages[\(index)]")
      }
    }
    var order: [String: Int] = [:]
    var index = all.startIndex
    while index < all.endIndex {
      if let calls = all[index].toolCalls, !calls.isEmpty {
        order = [:]
        for (place, call) in calls.enumerated() {
          if let id = call.id, !id.isEmpty { order[id] = place }
        }
      }
      guard isUserTurn(all[index]) else {
        index += 1
        continue
      }
      let end = all[index...].firstIndex { !isUserTurn($0) } ?? all.endIndex
      try join(index..<end, of: &all, order)
      index = end
    }
    return all
  }

  /// Writes a declaration into the system message before it, or makes it one.
  private static func fold(
    _ index: Int, of messages: inout ArraySlice<Message>
  ) throws(RenderingError) {
    let text = DSML.declaration(of: try DSML.declaredTools(in: messages[index].content.onlyText()))
    if index == 0 {
      messages[0].role = Role.system
      messages[0].content = .text("\n\n" + text)
    } else if index == 1, messages[0].role == Role.system {
      messages[0].content = .text("\(try messages[0].content.onlyText())\n\n\(text)")
      messages[1].content = .text("")
    } else {
      throw RenderingError(
        .conversation,
        "tools are declared in the first message or right behind the first system message",
        at: "role")
    }
  }

  private static func join(
    _ range: Range<Int>, of messages: inout ArraySlice<Message>, _ order: [String: Int]
  ) throws(RenderingError) {
    var tools: [(index: Int, place: Int)] = []
    for index in range where messages[index].role == Role.tool {
      tools.append((index, order[messages[index].toolCallID ?? ""] ?? 0))
    }
    // The standard library's sort is stable.
    var sorted = tools.sorted { $0.place < $1.place }[...]
    var blocks: [String] = []
    for index in range {
      let isTool = messages[index].role == Role.tool
      let source = isTool ? sorted.removeFirst().index : index
      do throws(RenderingError) {
        let text = try messages[source].content.onlyText()
        blocks.append(isTool ? "<tool_result>\(text)</tool_result>" : text)
      } catch { throw error.inside("messages[\(source)]") }
    }
    messages[range.lowerBound].content = .text(blocks.joined(separator: "\n\n"))
    for index in range.dropFirst() { messages[index].content = .text("") }
  }

  /// Reasoning and answer of an assistant's content; a string is all answer.
  ///
  /// - Throws: `RenderingError` for parts other than text and thinking.
  static func split(
    _ content: MessageContent, renderer: String
  ) throws(RenderingError) -> (reasoning: String, answer: String) {
    guard case .parts(let parts) = content else { return ("", content.joinedText) }
    var reasoning = ""
    var answer = ""
    for (index, part) in parts.enumerated() {
      switch part {
      case .text(let text): answer += text
      case .thinking(let text): reasoning += text
      case .image, .other:
        throw .unsupportedPart(part, at: index, renderer: renderer)
      }
    }
    return (reasoning, answer)
  }
}
