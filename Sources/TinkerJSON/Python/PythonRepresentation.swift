/// JSON values as Python prints them, where a template of the reference prints Python objects.
package enum PythonRepresentation {
  /// `str(value)`: strings raw, everything else as `repr` has it.
  package static func str(_ value: JSONValue) -> String {
    if case .string(let string) = value { return string.description }
    return repr(value)
  }

  /// `repr(value)`: `None`, `True`, `1.0`, `'text'`, `['a', 1]`, `{'k': None}`.
  package static func repr(_ value: JSONValue) -> String {
    switch value {
    case .null: "None"
    case .bool(let value): value ? "True" : "False"
    case .number(let number): number.pythonText
    case .string(let string): repr(string.description)
    case .array(let values): "[" + values.map(repr).joined(separator: ", ") + "]"
    case .object(let object):
      "{" + object.map { "\(repr($0.key.description)): \(repr($0.value))" }.joined(separator: ", ")
        + "}"
    }
  }

  /// `repr(text)`: between single quotes, or double ones if only single ones stand inside; what does
  /// not print is escaped.
  package static func repr(_ text: String) -> String {
    let quote: Unicode.Scalar =
      text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
    var out = String.UnicodeScalarView()
    out.append(quote)
    for scalar in text.unicodeScalars {
      switch scalar {
      case quote, "\\": out.append(contentsOf: ["\\", scalar])
      case "\n": out.append(contentsOf: ["\\", "n"])
      case "\r": out.append(contentsOf: ["\\", "r"])
      case "\t": out.append(contentsOf: ["\\", "t"])
      case _ where isPrintable(scalar): out.append(scalar)
      default: out.append(contentsOf: escape(scalar).unicodeScalars)
      }
    }
    out.append(quote)
    return String(out)
  }

  /// Whether Python counts a value as true.
  package static func isTrue(_ value: JSONValue) -> Bool {
    switch value {
    case .null: false
    case .bool(let value): value
    case .number(let number): number.double != 0
    case .string(let string): !string.bytes.isEmpty
    case .array(let values): !values.isEmpty
    case .object(let object): !object.isEmpty
    }
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    case .spaceSeparator: scalar == " "
    default: true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let (letter, width) =
      scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\" + letter + String(repeating: "0", count: width - digits.utf8.count) + digits
  }
}
