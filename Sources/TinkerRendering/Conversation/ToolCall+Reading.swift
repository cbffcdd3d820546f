import TinkerJSON

extension ToolCall {
  /// Reads `{"type":"function","id":…,"function":{"name":…,"arguments":…}}`; other keys are refused.
  init(reading reader: inout JSONReader) throws(RenderingError) {
    var id: String?
    var function: (name: String, arguments: String)?
    try reader.enterObject()
    while let key = try reader.memberKey() {
      if reader.matches(key, "function") {
        do throws(RenderingError) {
          function = try Self.function(reading: &reader)
        } catch { throw error.inside("function") }
      } else if reader.matches(key, "id") {
        id = try reader.optionalString("id")
      } else if reader.matches(key, "type") {
        let type = try reader.optionalString("type") ?? "function"
        if type != "function" {
          throw RenderingError(.conversation, "expected 'function', found '\(type)'", at: "type")
        }
      } else if try !reader.isNull() {
        throw RenderingError(
          .conversation, "a tool call has the keys type, id and function, and no other",
          at: try reader.decoded(key).description)
      }
    }
    guard let function else { throw .missing("function") }
    self.init(id: id, name: function.name, arguments: function.arguments)
  }

  private static func function(
    reading reader: inout JSONReader
  ) throws(RenderingError) -> (name: String, arguments: String) {
    var name: String?
    var arguments: String?
    try reader.enterObject()
    while let key = try reader.memberKey() {
      if reader.matches(key, "name") {
        name = try reader.string("name")
      } else if reader.matches(key, "arguments") {
        if try reader.kindOfNext() == .object {
          throw RenderingError(
            .conversation, "the arguments must be JSON text in a string, not an object",
            at: "arguments")
        }
        arguments = try reader.string("arguments")
      } else {
        try reader.skip()
      }
    }
    guard let name else { throw .missing("name") }
    guard let arguments else { throw .missing("arguments") }
    return (name, arguments)
  }
}

extension UnparsedToolCall {
  init(reading reader: inout JSONReader) throws(RenderingError) {
    var rawText: String?
    var error: String?
    try reader.enterObject()
    while let key = try reader.memberKey() {
      if reader.matches(key, "raw_text") {
        rawText = try reader.string("raw_text")
      } else if reader.matches(key, "error") {
        error = try reader.string("error")
      } else {
        try reader.skip()
      }
    }
    guard let rawText else { throw .missing("raw_text") }
    guard let error else { throw .missing("error") }
    self.init(rawText: rawText, error: error)
  }
}

extension Message {
  static func toolCalls(reading reader: inout JSONReader) throws(RenderingError) -> [ToolCall] {
    var calls: [ToolCall] = []
    do throws(RenderingError) { try reader.enterArray() } catch { throw error.inside("tool_calls") }
    while try reader.element() {
      do throws(RenderingError) {
        calls.append(try ToolCall(reading: &reader))
      } catch { throw error.inside("tool_calls[\(calls.count)]") }
    }
    return calls
  }

  static func unparsedCalls(
    reading reader: inout JSONReader
  ) throws(RenderingError) -> [UnparsedToolCall] {
    var calls: [UnparsedToolCall] = []
    let field = "unparsed_tool_calls"
    do throws(RenderingError) { try reader.enterArray() } catch { throw error.inside(field) }
    while try reader.element() {
      do throws(RenderingError) {
        calls.append(try UnparsedToolCall(reading: &reader))
      } catch { throw error.inside("\(field)[\(calls.count)]") }
    }
    return calls
  }
}
