/// A token of a template with the byte at which it begins.
struct TemplateToken: Sendable {
  enum Form: Sendable, Hashable {
    /// Text outside of tags.
    case data([UInt8])
    case variableBegin, variableEnd
    case blockBegin, blockEnd
    case name(String)
    case string([UInt8])
    case integer(Int)
    case double(Double)
    case symbol(String)
    case end
  }

  let form: Form
  let offset: Int

  /// The token for messages.
  var description: String {
    switch form {
    case .data: "text"
    case .variableBegin: "'{{'"
    case .variableEnd: "'}}'"
    case .blockBegin: "'{%'"
    case .blockEnd: "'%}'"
    case .name(let name): "'\(name)'"
    case .string: "a string"
    case .integer(let value): "'\(value)'"
    case .double(let value): "'\(value)'"
    case .symbol(let text): "'\(text)'"
    case .end: "the end of the template"
    }
  }
}
