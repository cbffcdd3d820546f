import TinkerJSON

/// What can be seen of tools, calls and their answers.
enum ToolCallRules {
  static func check(_ conversation: Conversation, _ list: inout FindingList) {
    let tools = conversation.tools
    var ids: Set<String> = []
    for (index, message) in conversation.messages.enumerated() {
      for (number, call) in (message.toolCalls ?? []).enumerated() {
        if let id = call.id { ids.insert(id) }
        let field = "tool_calls[\(number)].function"
        let spec = tools?.first { $0.name == call.name }
        if let tools, spec == nil {
          let names = tools.prefix(8).map(\.name).joined(separator: ", ")
          list.add(
            .toolCallUnknown,
            "the tool \(AuditContext.quoted(call.name)) is not declared; declared are: \(names)",
            at: Finding.Place(message: index, field: field + ".name"))
        }
        checkArguments(
          of: call, spec, at: Finding.Place(message: index, field: field + ".arguments"), &list)
      }
      if message.role == Role.tool, let id = message.toolCallID, !ids.contains(id) {
        list.add(
          .toolCallUnknown, "no call before has the id \(AuditContext.quoted(id))",
          at: Finding.Place(message: index, field: "tool_call_id"))
      }
    }
  }

  private static func checkArguments(
    of call: ToolCall, _ spec: ToolSpec?, at place: Finding.Place, _ list: inout FindingList
  ) {
    guard list.wants(.toolArgumentsInvalid) || list.wants(.argumentsAsString) else { return }
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue.parse(call.arguments) } catch {
      list.add(.toolArgumentsInvalid, "the arguments are not JSON: \(error.message)", at: place)
      return
    }
    if case .string = value {
      list.add(
        .argumentsAsString,
        "the arguments are a JSON string that holds JSON: they were encoded twice", at: place)
      return
    }
    guard let object = value.object else {
      list.add(
        .toolArgumentsInvalid, "the arguments are \(value.kind.rawValue), not an object", at: place)
      return
    }
    for name in (spec?.parameters["required"]?.array ?? []).compactMap(\.text)
    where object[name] == nil {
      list.add(
        .toolArgumentsInvalid,
        "the tool \(call.name) requires \(AuditContext.quoted(name)), and the call does not give it",
        at: place)
    }
  }
}
