/// A call of a tool.
public struct ToolCall: Sendable, Hashable {
  /// The identifier that the tool's answer refers to; `nil` is written as `null`.
  public let id: String?
  /// The name of the tool.
  public let name: String
  /// The arguments as JSON *text*, kept as it came.
  public let arguments: String

  /// A call.
  public init(id: String? = nil, name: String, arguments: String) {
    self.id = id
    self.name = name
    self.arguments = arguments
  }
}

/// A call that a parser found in a response and could not read.
public struct UnparsedToolCall: Sendable, Hashable {
  /// The text of the call with its markers.
  public let rawText: String
  /// Why it could not be read.
  public let error: String

  /// A call that could not be read.
  public init(rawText: String, error: String) {
    self.rawText = rawText
    self.error = error
  }
}
