/// What is wrong with a template, or went wrong while it ran, and where in the template.
public struct TemplateError: Error, Sendable, Hashable {
  /// The kinds of errors.
  public enum Kind: String, Sendable, Hashable {
    /// The text is no template.
    case syntax
    /// The template called `raise_exception`: it refuses the conversation.
    case raised
    /// An operation that its values do not allow.
    case runtime
    /// The sandbox does not allow it.
    case security
    /// Something that this engine does not have.
    case unsupported
    /// A bound on depth, steps or size was reached.
    case limit
  }

  /// The kind.
  public let kind: Kind
  /// A sentence without the place.
  public let message: String
  /// The line in the template, from 1.
  public private(set) var line: Int
  /// The column in Unicode scalars, from 1.
  public private(set) var column: Int

  /// The byte of the template, until line and column are known.
  let offset: Int

  init(_ kind: Kind, _ message: String, at offset: Int) {
    self.kind = kind
    self.message = message
    self.offset = offset
    line = 0
    column = 0
  }

  /// The error with line and column, found in the text of the template.
  func located(in source: [UInt8]) -> TemplateError {
    if line > 0 { return self }
    var error = self
    (error.line, error.column) = TemplatePlace.lineAndColumn(of: offset, in: source)
    return error
  }
}

extension TemplateError: CustomStringConvertible {
  /// The place and the sentence.
  public var description: String {
    "line \(line) column \(column) of the template: \(message)"
  }
}

/// Finds places in a template's text.
enum TemplatePlace {
  static func lineAndColumn(of offset: Int, in source: [UInt8]) -> (line: Int, column: Int) {
    var line = 1
    var column = 1
    for byte in source.prefix(max(offset, 0)) where byte & 0xC0 != 0x80 {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return (line, column)
  }
}
