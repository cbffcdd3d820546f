public import TinkerJSON

/// An option that a renderer has.
public struct RendererOption: Sendable, Hashable {
  /// What values an option takes.
  public enum Kind: Sendable, Hashable {
    /// `true` or `false`.
    case bool(defaultValue: Bool)
    /// Text that must be given.
    case requiredText(example: String)
    /// Any JSON value, or text; it may be left out.
    case anyValue
  }

  /// The key, in the specification's spelling.
  public let key: String
  /// What values it takes.
  public let kind: Kind

  /// An option.
  public init(_ key: String, _ kind: Kind) {
    self.key = key
    self.kind = kind
  }

  /// Whether reasoning is left out of earlier turns.
  public static func stripsThinkingFromHistory(_ defaultValue: Bool) -> RendererOption {
    RendererOption("strip_thinking_from_history", .bool(defaultValue: defaultValue))
  }
}

/// Options as they were given, by key.
public struct RendererOptions: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  private var given: [(key: String, value: String)] = []

  /// No options.
  public init() {}

  /// Options from pairs.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (key, value) in elements { self[key] = value }
  }

  /// Options from strings of the form `KEY=VALUE`.
  ///
  /// - Throws: `RenderingError` for a string without `=`.
  public init(parsing pairs: [String]) throws(RenderingError) {
    for pair in pairs {
      guard let equals = pair.firstIndex(of: "=") else {
        throw RenderingError(.request, "a renderer option has the form KEY=VALUE, not '\(pair)'")
      }
      self[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
    }
  }

  /// The value of an option as it was given.
  public subscript(key: String) -> String? {
    get { given.last { $0.key == key }?.value }
    set {
      given.removeAll { $0.key == key }
      if let newValue { given.append((key, newValue)) }
    }
  }

  /// Equality of the given pairs, in order.
  public static func == (left: RendererOptions, right: RendererOptions) -> Bool {
    left.given.elementsEqual(right.given) { $0.key == $1.key && $0.value == $1.value }
  }

  /// Hashes the given pairs.
  public func hash(into hasher: inout Hasher) {
    for (key, value) in given {
      hasher.combine(key)
      hasher.combine(value)
    }
  }

  /// The values of a renderer's options.
  func values(
    for options: [RendererOption], of renderer: String
  ) throws(RenderingError) -> OptionValues {
    for (key, _) in given where !options.contains(where: { $0.key == key }) {
      let known = options.map(\.key).joined(separator: ", ")
      throw RenderingError(
        .request,
        "the renderer \(renderer) has no option '\(key)'"
          + (known.isEmpty ? "; it has none" : "; it has \(known)"), at: key)
    }
    var values = OptionValues()
    for option in options {
      let text = self[option.key]
      switch (option.kind, text) {
      case (.bool(let value), nil): values.json[option.key] = .bool(value)
      case (.bool, "true"), (.bool, "1"): values.json[option.key] = true
      case (.bool, "false"), (.bool, "0"): values.json[option.key] = false
      case (.bool, let text?):
        throw RenderingError(
          .request, "the option \(option.key) is true or false, not '\(text)'", at: option.key)
      case (.anyValue, nil): break
      case (.anyValue, let text?):
        values.json[option.key] = (try? JSONValue.parse(text)) ?? .string(JSONString(text))
      case (.requiredText, let text?):
        values.json[option.key] = .string(JSONString(text))
      case (.requiredText(let example), nil):
        throw RenderingError(
          .request,
          "the renderer \(renderer) needs the option \(option.key), for example "
            + "\(option.key)=\(example)", at: option.key)
      }
    }
    return values
  }
}

/// The options of a renderer with the values in force.
public struct OptionValues: Sendable, Hashable {
  /// All options, in the order in which the renderer declares them.
  public internal(set) var json: JSONObject = [:]

  /// The value of an option that is true or false.
  public subscript(bool key: String) -> Bool { json[key]?.bool ?? false }

  /// The value of an option that is text.
  public subscript(text key: String) -> String { json[key]?.text ?? "" }

  /// Whether reasoning is left out of earlier turns.
  public var stripsThinkingFromHistory: Bool { self[bool: "strip_thinking_from_history"] }
}
