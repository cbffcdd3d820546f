public import TinkerJSON

/// Reads records of a data set, in the form that the first of them has.
///
/// ```swift
/// var decoder = ConversationDecoder()
/// let conversation = try decoder.decode(line.span)
/// ```
public struct ConversationDecoder: Sendable {
  /// The forms of a record.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    /// `{"messages":[…],"tools":[…]?,"id":…?}`, with messages of the specification or of OpenAI.
    case messages = "openai"
    /// `{"conversations":[{"from":…,"value":…}]}`.
    case shareGPT = "sharegpt"
    /// `{"instruction":…,"input":…?,"output":…,"system":…?}`.
    case alpaca

    /// The key that a record of this form must have.
    public var key: String {
      switch self {
      case .messages: "messages"
      case .shareGPT: "conversations"
      case .alpaca: "instruction"
      }
    }
  }

  /// The form of the records; found in the first one if it was not given.
  public private(set) var form: Form?

  private let keepsOthers: Bool

  /// A decoder.
  ///
  /// - Parameters:
  ///   - form: The form of the records; `nil` to recognise it in the first one.
  ///   - keepsOthers: Whether the members that are no part of the conversation are kept.
  public init(form: Form? = nil, keepsOthers: Bool = false) {
    self.form = form
    self.keepsOthers = keepsOthers
  }

  /// Reads one record from a whole JSON text.
  ///
  /// - Throws: `RenderingError` with the place: line and column of a fault in the grammar, the path
  ///   of a fault in the record.
  public mutating func decode(_ text: Span<UInt8>) throws(RenderingError) -> Conversation {
    var reader = JSONReader(text)
    let conversation = try decode(reading: &reader)
    do { try reader.finish() } catch { throw RenderingError(error) }
    return conversation
  }

  /// Reads one record and leaves the reader behind it.
  ///
  /// - Throws: as `decode(_:)`.
  public mutating func decode(
    reading reader: inout JSONReader
  ) throws(RenderingError) -> Conversation {
    var record = Record()
    try reader.enterObject()
    while let key = try reader.memberKey() {
      if reader.matches(key, "messages"), form == nil || form == .messages {
        do throws(RenderingError) {
          record.messages = try Message.messages(reading: &reader)
        } catch { throw error.inside("messages") }
      } else if reader.matches(key, "conversations"), form == nil || form == .shareGPT {
        do throws(RenderingError) {
          record.turns = try ShareGPT.messages(reading: &reader)
        } catch { throw error.inside("conversations") }
      } else if reader.matches(key, "tools") {
        do throws(RenderingError) {
          record.tools = try ToolSpec.tools(reading: &reader)
        } catch { throw error.inside("tools") }
      } else if reader.matches(key, "id") {
        record.id = try reader.tree()
      } else if keepsOthers || Alpaca.hasKey(key, in: reader) {
        record.others.set(try reader.decoded(key), to: try reader.tree())
      } else {
        try reader.skip()
      }
    }
    let found = try settle(record)
    form = found
    return try record.conversation(of: found, keepsOthers: keepsOthers)
  }

  /// The form of a record: the one that is set, or the one whose key it has.
  private func settle(_ record: Record) throws(RenderingError) -> Form {
    let present = Form.allCases.filter(record.has)
    if let form {
      if present.contains(form) { return form }
      throw .missing(form.key)
    }
    guard let found = present.first else {
      throw RenderingError(
        .conversation,
        "the record has none of the keys 'messages', 'conversations' and 'instruction'")
    }
    return found
  }

  /// What was found in a record.
  private struct Record {
    var messages: [Message]?
    var turns: [Message]?
    var tools: [ToolSpec]?
    var id: JSONValue?
    var others = JSONObject()

    func has(_ form: Form) -> Bool {
      switch form {
      case .messages: messages != nil
      case .shareGPT: turns != nil
      case .alpaca: others["instruction"] != nil
      }
    }

    func conversation(of form: Form, keepsOthers: Bool) throws(RenderingError) -> Conversation {
      var others = others
      let messages: [Message]
      switch form {
      case .messages: messages = self.messages ?? []
      case .shareGPT: messages = turns ?? []
      case .alpaca: messages = try Alpaca.messages(taking: &others)
      }
      return Conversation(
        messages: messages, tools: tools, id: id, others: keepsOthers ? others : [:])
    }
  }
}

extension Conversation {
  /// Reads one record in any of the forms.
  ///
  /// - Throws: `RenderingError` whose path is the field.
  public init(reading reader: inout JSONReader) throws(RenderingError) {
    var decoder = ConversationDecoder()
    self = try decoder.decode(reading: &reader)
  }

  /// A record from its JSON form.
  ///
  /// - Throws: `RenderingError` whose path is the field.
  public init(json: JSONValue) throws(RenderingError) {
    var writer = JSONWriter(style: .python)
    writer.value(json)
    var reader = JSONReader(writer.bytes.span)
    try self.init(reading: &reader)
  }
}
