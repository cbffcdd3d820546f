public import TinkerData
public import TinkerJSON

/// Why a conversation cannot be rendered, a response not be parsed, or a renderer not be made.
public struct RenderingError: Error, Sendable, Hashable {
  /// What kind of input is at fault.
  public enum Kind: Sendable, Hashable {
    /// A JSON text, its keys, or the name or options of a renderer are wrong.
    case request
    /// This renderer or option cannot do what is asked.
    case unsupported
    /// The messages cannot be rendered: role, content, trainable flags, tool arguments.
    case conversation
    /// The tokens cannot be parsed as a response at all.
    case response
    /// An image of the conversation cannot be used.
    case image(ImageError.Kind)
  }

  /// What kind of input is at fault.
  public let kind: Kind
  /// A sentence that a person can act on, without the place.
  public let message: String
  /// The place in the input, for example `messages[2].tool_calls[0].function.arguments`.
  public private(set) var path: String?

  /// An error with its sentence.
  public init(_ kind: Kind, _ message: String, at path: String? = nil) {
    self.kind = kind
    self.message = message
    self.path = path
  }

  /// The name of the kind in the worker protocol, for example `conversation` or `image.corrupt`.
  public var kindName: String {
    switch kind {
    case .request: "request"
    case .unsupported: "unsupported"
    case .conversation: "conversation"
    case .response: "response"
    case .image(let kind): "image.\(kind.rawValue)"
    }
  }

  /// The same error with an outer step in front of its path: `content` in `messages[1]` becomes
  /// `messages[1].content`.
  public func inside(_ step: String) -> RenderingError {
    var error = self
    if let path {
      error.path = path.hasPrefix("[") ? step + path : "\(step).\(path)"
    } else {
      error.path = step
    }
    return error
  }
}

extension RenderingError: CustomStringConvertible {
  /// The place, if it is known, and the sentence.
  public var description: String {
    if let path { "\(path): \(message)" } else { message }
  }
}

extension RenderingError {
  /// A JSON text that breaks the grammar; the sentence has line and column.
  public init(_ error: JSONError) {
    switch error.problem {
    case .unexpectedKind(let expected, let found):
      self.init(.conversation, "expected \(expected), found \(found.rawValue)")
    case .loneSurrogate:
      self.init(.conversation, "the string holds half of a surrogate pair, which is no text")
    case .expectingValue, .expectingPropertyName, .expectingColon, .expectingComma,
      .unterminatedString, .invalidControlCharacter, .invalidEscape, .invalidUnicodeEscape,
      .extraData, .byteOrderMark, .invalidUTF8, .tooDeep, .integerOutOfRange:
      self.init(.request, error.description)
    }
  }

  /// An image that cannot be used.
  public init(_ error: ImageError) {
    self.init(.image(error.kind), error.message)
  }

  static func missing(_ key: String) -> RenderingError {
    RenderingError(.conversation, "the key '\(key)' is missing")
  }

  static func notText(parts: Int) -> RenderingError {
    RenderingError(
      .conversation,
      "this renderer takes text here, and the content is a list of \(parts) parts", at: "content")
  }

  static func unsupportedRole(_ role: String, renderer: String) -> RenderingError {
    RenderingError(.conversation, "\(renderer) has no role '\(role)'", at: "role")
  }

  static func unsupportedPart(
    _ part: ContentPart, at index: Int, renderer: String
  ) -> RenderingError {
    RenderingError(
      .conversation, "\(renderer) does not take a part of type '\(part.typeName)' here",
      at: "content[\(index)]")
  }

  static func severalStops(_ count: Int, renderer: String) -> RenderingError {
    RenderingError(
      .response,
      "a response ends with one stop token, and this one has \(count); \(renderer) parses one "
        + "response at a time", at: "tokens")
  }

  static func unsupported(_ what: String, by renderer: String) -> RenderingError {
    RenderingError(.unsupported, "\(renderer) does not support \(what)")
  }
}
