public import TinkerJSON
public import TinkerRendering

/// A tool that a model may call.
public struct Tool: Sendable {
  /// Its declaration.
  public let spec: ToolSpec
  /// What it does with its arguments. An error becomes the tool's answer.
  public let run: @Sendable (JSONObject) async throws -> String

  /// A tool.
  public init(_ spec: ToolSpec, run: @escaping @Sendable (JSONObject) async throws -> String) {
    self.spec = spec
    self.run = run
  }
}

/// A question that may be answered with the help of tools. The episode ends with the first answer that calls
/// none; the calls before it are carried out, and what they gave goes back to the model.
public struct ToolTask: ChatTask {
  /// The question, with the tools declared.
  public let opening: [Message]
  private let tools: [Tool]
  private let judge: @Sendable (ParsedResponse) async throws -> Double
  private var calls = 0

  /// A question.
  ///
  /// - Parameters:
  ///   - question: The messages; a leading system message keeps its text.
  ///   - tools: The tools.
  ///   - renderer: Who declares the tools.
  ///   - judge: Gives the reward of the last answer.
  /// - Throws: `RenderingError` if the renderer has no tools.
  public init(
    _ question: [Message], tools: [Tool], renderer: Renderer,
    judge: @escaping @Sendable (ParsedResponse) async throws -> Double
  ) throws(RenderingError) {
    opening = try renderer.messages(
      of: Conversation(messages: question, tools: tools.map(\.spec)))
    self.tools = tools
    self.judge = judge
  }

  /// Carries out the calls of an answer, or judges it.
  ///
  /// - Throws: What the judge throws.
  public mutating func reply(to response: ParsedResponse) async throws -> ChatReply {
    let requests = response.message.toolCalls ?? []
    let unreadable = response.message.unparsedToolCalls ?? []
    guard !requests.isEmpty || !unreadable.isEmpty else {
      return ChatReply(
        reward: try await judge(response), metrics: ["tool_calls": Double(calls)])
    }
    calls += requests.count
    var answers: [Message] = []
    for request in requests {
      answers.append(
        Message(
          role: Role.tool, content: .text(await answer(request)), toolCallID: request.id,
          name: request.name))
    }
    for call in unreadable {
      answers.append(Message(role: Role.tool, content: .text("error: \(call.error)")))
    }
    return ChatReply(reward: 0, messages: answers)
  }

  private func answer(_ call: ToolCall) async -> String {
    guard let tool = tools.first(where: { $0.spec.name == call.name }) else {
      return "error: there is no tool \(call.name)"
    }
    do {
      guard let arguments = try JSONValue.parse(call.arguments).object else {
        return "error: the arguments are no object"
      }
      return try await tool.run(arguments)
    } catch { return "error: \(error)" }
  }
}
