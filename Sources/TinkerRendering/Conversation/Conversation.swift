public import TinkerJSON

/// A record of a data set: messages, and what stands beside them.
public struct Conversation: Sendable, Hashable {
  /// The messages in order.
  public var messages: [Message]
  /// The tools that the record declares; `nil` when the key is absent.
  public var tools: [ToolSpec]?
  /// The record's own name, whatever JSON it is.
  public var id: JSONValue?
  /// The other members of the record, in order, if they were asked for.
  public var others: JSONObject

  /// A record.
  public init(
    messages: [Message], tools: [ToolSpec]? = nil, id: JSONValue? = nil, others: JSONObject = [:]
  ) {
    self.messages = messages
    self.tools = tools
    self.id = id
    self.others = others
  }
}
