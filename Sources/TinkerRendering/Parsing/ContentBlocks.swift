import TinkerJSON

/// The blocks of a Qwen response: `<think>…</think>` and `<tool_call>…</tool_call>`.
struct ContentBlocks {
  /// Text and thinking in order, without empty parts.
  private(set) var parts: [ContentPart] = []
  /// The calls that could be read.
  private(set) var toolCalls: [ToolCall] = []
  /// The calls that could not.
  private(set) var unparsed: [UnparsedToolCall] = []

  private static let thinkOpen = Array("<think>".utf8)
  private static let thinkClose = Array("</think>".utf8)
  private static let callOpen = Array("<tool_call>".utf8)
  private static let callClose = Array("</tool_call>".utf8)

  /// Reads the blocks of a text; `nil` if it has no opening tag.
  ///
  /// - Parameters:
  ///   - text: The text of a response.
  ///   - readsCalls: Whether `<tool_call>` is a tag; otherwise only `<think>` is.
  init?(_ text: String, readsCalls: Bool = true) {
    let bytes = Array(text.utf8)
    let span = bytes.span
    var thinking = ByteSearch.first(Self.thinkOpen.span, in: span, from: 0)
    var call = readsCalls ? ByteSearch.first(Self.callOpen.span, in: span, from: 0) : nil
    if thinking == nil && call == nil { return nil }
    var place = 0
    while let start = Self.earlier(thinking, call) {
      let isCall = start == call
      let open = isCall ? Self.callOpen : Self.thinkOpen
      let close = isCall ? Self.callClose : Self.thinkClose
      let inner = start + open.count
      guard let end = ByteSearch.first(close.span, in: span, from: inner) else {
        // No later tag of this kind can be closed either.
        if isCall { call = nil } else { thinking = nil }
        continue
      }
      addText(bytes[place..<start])
      let content = String(decoding: bytes[inner..<end], as: UTF8.self)
      place = end + close.count
      if isCall {
        addCall(content, raw: bytes[start..<place])
      } else if !content.isEmpty {
        parts.append(.thinking(content))
      }
      if let next = thinking, next < place {
        thinking = ByteSearch.first(Self.thinkOpen.span, in: span, from: place)
      }
      if let next = call, next < place {
        call = ByteSearch.first(Self.callOpen.span, in: span, from: place)
      }
    }
    addText(bytes[place...])
  }

  private static func earlier(_ left: Int?, _ right: Int?) -> Int? {
    guard let left else { return right }
    guard let right else { return left }
    return min(left, right)
  }

  private mutating func addText(_ bytes: ArraySlice<UInt8>) {
    if !bytes.isEmpty { parts.append(.text(String(decoding: bytes, as: UTF8.self))) }
  }

  private mutating func addCall(_ text: String, raw: ArraySlice<UInt8>) {
    switch ToolCallJSON.read(text) {
    case .success(let call): toolCalls.append(call)
    case .failure(let fault):
      unparsed.append(
        UnparsedToolCall(rawText: String(decoding: raw, as: UTF8.self), error: fault.message))
    }
  }
}

/// A tool call as a JSON object with name and arguments.
enum ToolCallJSON {
  /// Why a call cannot be read, in the reference's words.
  struct Fault: Error {
    let message: String
  }

  /// Reads `{"name":…,"arguments":{…}}`.
  static func read(_ text: String) -> Result<ToolCall, Fault> {
    let value: JSONValue
    do {
      value = try JSONValue.parse(String(PythonText.strip(text[...])))
    } catch {
      return .failure(Fault(message: "Invalid JSON: \(error.description)"))
    }
    guard let object = value.object else {
      return .failure(Fault(message: "Tool call is not a JSON object"))
    }
    guard let name = object["name"]?.text else {
      return .failure(Fault(message: "Missing or invalid 'name' field"))
    }
    guard let arguments = object["arguments"], arguments.object != nil else {
      return .failure(Fault(message: "Missing or invalid 'arguments' field"))
    }
    return .success(
      ToolCall(id: object["id"]?.text, name: name, arguments: arguments.serialized(.python)))
  }
}
