public import TinkerJSON

/// Something that an audit found, with its place and a sentence.
public struct Finding: Sendable, Hashable {
  /// Where a finding is. What does not apply is `nil`.
  public struct Place: Sendable, Hashable {
    /// The file's name.
    public var file: String?
    /// The line in the file, from 1.
    public var line: Int?
    /// The number of the example among those of the record, from 0; `nil` where there is one.
    public var example: Int?
    /// The index of the message in the record.
    public var message: Int?
    /// The field of the message, or of the record where no message is named.
    public var field: String?
    /// The positions in the example's tokens.
    public var tokens: Range<Int>?

    /// A place.
    public init(
      file: String? = nil, line: Int? = nil, example: Int? = nil, message: Int? = nil,
      field: String? = nil, tokens: Range<Int>? = nil
    ) {
      self.file = file
      self.line = line
      self.example = example
      self.message = message
      self.field = field
      self.tokens = tokens
    }
  }

  /// What was found.
  public var code: FindingCode
  /// How much it matters.
  public var severity: FindingSeverity
  /// Where.
  public var place: Place
  /// A sentence that says what is there and what was expected.
  public var message: String

  /// A finding; its severity is that of the code unless given.
  public init(
    _ code: FindingCode, _ message: String, severity: FindingSeverity? = nil,
    at place: Place = Place()
  ) {
    self.code = code
    self.severity = severity ?? code.severity
    self.place = place
    self.message = message
  }
}

extension Finding.Place: CustomStringConvertible {
  /// `data.jsonl:17: messages[2].content, tokens 40..<43`
  public var description: String {
    let origin = [file, line.map { String($0) }].compactMap(\.self).joined(separator: ":")
    var within = [path].compactMap(\.self)
    if let example { within.append("example \(example)") }
    if let tokens { within.append("tokens \(tokens)") }
    let inside = within.joined(separator: ", ")
    return [origin, inside].filter { !$0.isEmpty }.joined(separator: ": ")
  }

  /// `messages[2].content`
  private var path: String? {
    guard let message else { return field }
    return "messages[\(message)]" + (field.map { "." + $0 } ?? "")
  }

  /// Writes an object with the members that apply.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    if let file {
      writer.key("file")
      writer.string(file)
    }
    for (key, value) in [("line", line), ("example", example), ("message", message)] {
      guard let value else { continue }
      writer.key(key)
      writer.integer(value)
    }
    if let field {
      writer.key("field")
      writer.string(field)
    }
    if let tokens {
      writer.key("tokens")
      writer.beginArray()
      writer.integer(tokens.lowerBound)
      writer.integer(tokens.upperBound)
      writer.endArray()
    }
    writer.endObject()
  }
}

extension Finding {
  /// Writes `{"code","severity","message","where"}`.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("code")
    writer.string(code.rawValue)
    writer.key("severity")
    writer.string(severity.rawValue)
    writer.key("message")
    writer.string(message)
    writer.key("where")
    place.write(to: &writer)
    writer.endObject()
  }
}
