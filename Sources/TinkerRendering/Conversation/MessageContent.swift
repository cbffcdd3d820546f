public import TinkerData
public import TinkerJSON

/// What a message says: a string, or a list of parts. Renderers treat the two differently.
public enum MessageContent: Sendable, Hashable {
  /// A string.
  case text(String)
  /// Parts in order; the list may be empty.
  case parts([ContentPart])
}

/// One part of a message's content.
public enum ContentPart: Sendable, Hashable {
  /// Text.
  case text(String)
  /// Reasoning.
  case thinking(String)
  /// An image: its bytes, or a data URI, path or URL.
  case image(ImageSource)
  /// A part that no renderer here can write, for example audio, as it stood in the input.
  case other(JSONObject)

  /// The name of the part in JSON: `text`, `thinking`, `image`, or what the input said.
  public var typeName: String {
    switch self {
    case .text: "text"
    case .thinking: "thinking"
    case .image: "image"
    case .other(let object): object["type"]?.text ?? "unknown"
    }
  }
}

extension ContentPart {
  /// Whether this is text.
  public var isText: Bool { if case .text = self { true } else { false } }
  /// Whether this is reasoning.
  public var isThinking: Bool { if case .thinking = self { true } else { false } }
  /// Whether this is an image.
  public var isImage: Bool { if case .image = self { true } else { false } }
}

extension MessageContent: ExpressibleByStringLiteral {
  /// A string content.
  public init(stringLiteral value: String) { self = .text(value) }

  /// The only text: a string, or a list of exactly one text part.
  ///
  /// - Throws: `RenderingError` of kind `conversation` for every other list, an empty one included.
  public func onlyText() throws(RenderingError) -> String {
    switch self {
    case .text(let text): return text
    case .parts(let parts):
      if parts.count == 1, case .text(let text) = parts[0] { return text }
      throw .notText(parts: parts.count)
    }
  }

  /// The text parts, concatenated; a string is itself.
  public var joinedText: String {
    switch self {
    case .text(let text): text
    case .parts(let parts):
      parts.reduce(into: "") { if case .text(let text) = $1 { $0 += text } }
    }
  }

  /// The content as a list: a string becomes one text part.
  public var asParts: [ContentPart] {
    switch self {
    case .text(let text): [.text(text)]
    case .parts(let parts): parts
    }
  }

  /// Whether this is the empty string or an empty list.
  public var isEmpty: Bool {
    switch self {
    case .text(let text): text.utf8.isEmpty
    case .parts(let parts): parts.isEmpty
    }
  }

  /// Whether a list has a thinking part, even an empty one, or a string has a `<think>` tag.
  public var hasThinking: Bool {
    switch self {
    case .text(let text): return ByteSearch.contains("<think>", in: text.utf8.span)
    case .parts(let parts):
      return parts.contains { if case .thinking = $0 { true } else { false } }
    }
  }

  /// Everything as one text for people: thinking in `<think>` tags, images as `<image>…</image>`, and
  /// a separator between two parts.
  public func flattened(separator: String = "\n") -> String {
    switch self {
    case .text(let text): return text
    case .parts(let parts):
      let texts = parts.map { part in
        switch part {
        case .text(let text): text
        case .thinking(let text): "<think>\(text)</think>"
        case .image(.reference(let url)): "<image>\(url)</image>"
        case .image(.bytes(let bytes)): "<image>Image(\(bytes.count) bytes)</image>"
        case .other(let object): "<\(object["type"]?.text ?? "unknown")>"
        }
      }
      return texts.joined(separator: separator)
    }
  }
}
