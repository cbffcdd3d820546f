import TinkerData
public import TinkerJSON

/// A conversation in the form of OpenAI's chat API, independent of any renderer.
public struct OpenAIConversation: Sendable, Hashable {
  /// The messages, without declarations of tools.
  public let messages: [JSONValue]
  /// The tools that the conversation declares; `nil` if it declares none.
  public let tools: [JSONValue]?

  /// Converts messages. What OpenAI's form does not have (`trainable`, calls that were not parsed) is
  /// left out.
  ///
  /// - Throws: `RenderingError` for reasoning outside an assistant's message, for parts without a
  ///   form, and for declarations that are no list or contradict each other.
  public init(_ messages: [Message]) throws(RenderingError) {
    var out: [JSONValue] = []
    var tools: [JSONValue]?
    for (index, message) in messages.enumerated() {
      do throws(RenderingError) {
        if message.role == Role.toolDeclaration {
          tools = try Self.merging(message, into: tools ?? [])
        } else {
          out.append(try Self.converted(message))
        }
      } catch { throw error.inside("messages[\(index)]") }
    }
    self.messages = out
    self.tools = tools
  }

  /// The messages of a conversation in OpenAI's form.
  ///
  /// - Throws: `RenderingError` whose path is the field.
  public static func messages(from list: [JSONValue]) throws(RenderingError) -> [Message] {
    var out: [Message] = []
    for (index, value) in list.enumerated() {
      do throws(RenderingError) {
        guard var object = value.object else {
          throw RenderingError(.conversation, "expected an object, found \(value.kind.rawValue)")
        }
        switch object["content"] {
        case nil, .null?, .array([])?: object["content"] = ""
        case .array(let parts)?: object["content"] = .array(parts.map(Self.imported))
        case .bool?, .number?, .string?, .object?: break
        }
        out.append(try Message(json: .object(object)))
      } catch { throw error.inside("messages[\(index)]") }
    }
    return out
  }

  // MARK: To OpenAI

  private static func converted(_ message: Message) throws(RenderingError) -> JSONValue {
    var object: JSONObject = ["role": .string(JSONString(message.role))]
    var parts: [ContentPart] = []
    switch message.content {
    case .text(let text): object["content"] = .string(JSONString(text))
    case .parts(let all):
      var reasoning: [String] = []
      for part in all {
        if case .thinking(let text) = part { reasoning.append(text) } else { parts.append(part) }
      }
      if !reasoning.isEmpty {
        guard message.role == Role.assistant else {
          throw RenderingError(
            .conversation, "only an assistant has reasoning, and the role is '\(message.role)'",
            at: "content")
        }
        object["reasoning_content"] = .string(JSONString(reasoning.joined(separator: "\n")))
      }
      object["content"] = try content(parts, hasToolCalls: message.hasToolCalls)
    }
    if let calls = message.toolCalls { object["tool_calls"] = .array(calls.map(Self.exported)) }
    if let id = message.toolCallID { object["tool_call_id"] = .string(JSONString(id)) }
    if let name = message.name { object["name"] = .string(JSONString(name)) }
    return .object(object)
  }

  private static func content(
    _ parts: [ContentPart], hasToolCalls: Bool
  ) throws(RenderingError) -> JSONValue {
    if parts.isEmpty { return hasToolCalls ? .null : "" }
    if parts.count == 1, case .text(let text) = parts[0] { return .string(JSONString(text)) }
    var out: [JSONValue] = []
    for (index, part) in parts.enumerated() {
      guard let value = exported(part) else {
        throw RenderingError(
          .conversation, "a part of type '\(part.typeName)' has no form at OpenAI",
          at: "content[\(index)]")
      }
      out.append(value)
    }
    return .array(out)
  }

  private static func exported(_ call: ToolCall) -> JSONValue {
    var object: JSONObject = ["type": "function"]
    if let id = call.id { object["id"] = .string(JSONString(id)) }
    object["function"] = [
      "name": .string(JSONString(call.name)), "arguments": .string(JSONString(call.arguments)),
    ]
    return .object(object)
  }

  private static func exported(_ part: ContentPart) -> JSONValue? {
    switch part {
    case .text(let text): return ["type": "text", "text": .string(JSONString(text))]
    case .image(let source):
      let url: String
      switch source {
      case .reference(let reference): url = reference
      case .bytes(let bytes): url = dataURI(bytes)
      }
      return ["type": "image_url", "image_url": ["url": .string(JSONString(url))]]
    case .other(let object):
      guard let (format, data) = audio(object) else { return nil }
      return [
        "type": "input_audio",
        "input_audio": ["data": .string(JSONString(data)), "format": .string(JSONString(format))],
      ]
    case .thinking: return nil
    }
  }

  /// A data URI, with the type by the first bytes.
  private static func dataURI(_ bytes: [UInt8]) -> String {
    let type = bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) ? "png" : "jpeg"
    return "data:image/\(type);base64,\(Base64.encode(bytes))"
  }

  /// Format and Base64 of a part of type `audio` that holds a data URI.
  private static func audio(_ object: JSONObject) -> (format: String, data: String)? {
    let prefix = "data:audio/"
    let separator = ";base64,"
    guard object["type"] == "audio", let uri = object["audio"]?.text, uri.hasPrefix(prefix),
      let place = uri.place(of: separator, from: uri.startIndex)
    else { return nil }
    let format = uri[..<place].dropFirst(prefix.count)
    return (String(format), String(uri[place...].dropFirst(separator.count)))
  }

  /// A part from OpenAI's form; Base64 audio becomes a data URI, others are read as they are.
  private static func imported(_ part: JSONValue) -> JSONValue {
    guard part["type"] == "input_audio", let data = part["input_audio"]?["data"]?.text,
      let format = part["input_audio"]?["format"]?.text
    else { return part }
    return ["type": "audio", "audio": .string(JSONString("data:audio/\(format);base64,\(data)"))]
  }

  // MARK: Tools

  private static func merging(
    _ message: Message, into tools: [JSONValue]
  ) throws(RenderingError) -> [JSONValue] {
    let refusal = RenderingError(
      .conversation,
      "a declaration of tools must be a JSON list of {\"type\":\"function\",\"function\":{…}}",
      at: "content")
    let text = try message.content.onlyText()
    guard let list = (try? JSONValue.parse(text))?.array else { throw refusal }
    var out = tools
    for tool in list {
      guard tool["type"] == "function", let name = tool["function"]?["name"]?.text else {
        throw refusal
      }
      if let known = out.first(where: { $0["function"]?["name"]?.text == name }) {
        if known == tool { continue }
        throw RenderingError(
          .conversation, "the tool '\(name)' is declared twice in different ways", at: "content")
      }
      out.append(tool)
    }
    return out
  }
}

extension ToolSpec {
  /// A declaration from OpenAI's form: `{"type":"function","function":{"name",…}}`. A missing
  /// description is empty, missing parameters are `{}`, and other keys are dropped.
  ///
  /// - Throws: `RenderingError` whose path is the field.
  public init(openAI value: JSONValue) throws(RenderingError) {
    guard let function = value["function"]?.object else { throw .missing("function") }
    let keys = ["name", "description", "parameters"]
    var json: JSONObject = ["name": .null, "description": "", "parameters": [:]]
    if function["name"] == nil { throw RenderingError.missing("name").inside("function") }
    for key in keys { if let value = function[key] { json[key] = value } }
    do throws(RenderingError) { try self.init(json: .object(json)) } catch {
      throw error.inside("function")
    }
  }

  /// The functions among tools in OpenAI's form.
  ///
  /// - Throws: `RenderingError` whose path is the field.
  public static func specs(fromOpenAI tools: [JSONValue]) throws(RenderingError) -> [ToolSpec] {
    var out: [ToolSpec] = []
    for (index, tool) in tools.enumerated() where tool["type"] == "function" {
      do throws(RenderingError) { out.append(try ToolSpec(openAI: tool)) } catch {
        throw error.inside("tools[\(index)]")
      }
    }
    return out
  }

  /// The declaration in OpenAI's form.
  public var openAI: JSONValue {
    [
      "type": "function",
      "function": [
        "name": .string(JSONString(name)), "description": .string(JSONString(description)),
        "parameters": .object(parameters),
      ],
    ]
  }
}
