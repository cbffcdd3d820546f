public import TinkerJSON

extension Conversation {
  /// Reads a record.
  ///
  /// - Parameters:
  ///   - reader: A reader before the record.
  ///   - form: How the record is written.
  ///   - keepsOthers: Whether members that the form does not know are kept in ``others``; otherwise
  ///     they are passed over.
  /// - Throws: `RenderingError` whose path is the field, for example `messages[2].content`.
  public init(
    reading reader: inout JSONReader, form: RecordForm = .openai, keepsOthers: Bool = false
  ) throws(RenderingError) {
    var fields = RecordFields(form: form)
    try reader.enterObject()
    while let key = try reader.memberKey() {
      let name = try reader.decoded(key)
      if try fields.read(name, from: &reader) { continue }
      if keepsOthers { fields.others.set(name, to: try reader.tree()) } else { try reader.skip() }
    }
    self.init(
      messages: try fields.allMessages(), tools: fields.tools, id: fields.id, others: fields.others)
  }
}

/// The members of a record as they come, in any order.
struct RecordFields {
  let form: RecordForm
  var id: JSONValue?
  var tools: [ToolSpec]?
  var others = JSONObject()
  private var messages: [Message]?
  private var system: String?
  private var instruction: String?
  private var input: String?
  private var output: String?

  init(form: RecordForm) {
    self.form = form
  }

  /// Reads the value of a member that the form knows.
  ///
  /// - Returns: `false` for any other member; the reader then still stands before its value.
  mutating func read(
    _ name: JSONString, from reader: inout JSONReader
  ) throws(RenderingError) -> Bool {
    switch (name.description, form) {
    case ("id", _):
      id = try reader.tree()
    case ("tools", .openai), ("tools", .sharegpt):
      do throws(RenderingError) {
        tools = try ToolSpec.list(reading: &reader)
      } catch { throw error.inside("tools") }
    case ("messages", .openai):
      do throws(RenderingError) {
        messages = try Message.messages(reading: &reader)
      } catch { throw error.inside("messages") }
    case ("conversations", .sharegpt):
      do throws(RenderingError) {
        messages = try ShareGPT.messages(reading: &reader)
      } catch { throw error.inside("conversations") }
    case ("system", .sharegpt), ("system", .alpaca): system = try reader.optionalString("system")
    case ("instruction", .alpaca): instruction = try reader.optionalString("instruction")
    case ("input", .alpaca): input = try reader.optionalString("input")
    case ("output", .alpaca): output = try reader.optionalString("output")
    case ("history", .alpaca):
      // Earlier turns that would be lost without a word.
      let value = try reader.tree()
      guard value == .null || value == .array([]) else {
        throw RenderingError(
          .conversation, "the history of an Alpaca record cannot be rendered; write it as messages",
          at: "history")
      }
    case (_, .openai), (_, .sharegpt), (_, .alpaca): return false
    }
    return true
  }

  /// The messages of the record, once every member is read.
  func allMessages() throws(RenderingError) -> [Message] {
    let start = system.map { $0.isEmpty ? [] : [Message.system($0)] } ?? []
    switch form {
    case .openai:
      guard let messages else { throw .missing("messages") }
      return messages
    case .sharegpt:
      guard let messages else { throw .missing("conversations") }
      if !start.isEmpty, messages.first?.role == Role.system {
        throw RenderingError(
          .conversation, "the record has a system text and its first turn is another", at: "system")
      }
      return start + messages
    case .alpaca:
      guard let instruction else { throw .missing("instruction") }
      guard let output else { throw .missing("output") }
      let question =
        if let input, !input.isEmpty { "\(instruction)\n\n\(input)" } else { instruction }
      return start + [.user(question), .assistant(output)]
    }
  }
}
