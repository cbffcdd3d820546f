/// Splits text into what can be shown as it is and what must be made visible.
package enum VisibleText {
  /// A piece of text for a view.
  enum Piece: Equatable {
    /// Text that shows itself.
    case plain(String)
    /// A line feed.
    case lineFeed
    /// A tab.
    case tab
    /// Any other character that cannot be seen or would disturb what is around it.
    case hidden(Unicode.Scalar)
  }

  /// The pieces of a text, in order.
  static func pieces(of text: String) -> [Piece] {
    var pieces: [Piece] = []
    var plain = String.UnicodeScalarView()
    func flush() {
      if !plain.isEmpty { pieces.append(.plain(String(plain))) }
      plain.removeAll()
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n":
        flush()
        pieces.append(.lineFeed)
      case "\t":
        flush()
        pieces.append(.tab)
      default:
        if isHidden(scalar) {
          flush()
          pieces.append(.hidden(scalar))
        } else {
          plain.append(scalar)
        }
      }
    }
    flush()
    return pieces
  }

  /// `U+200B`
  static func name(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// `E4 B8`
  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
      .joined(separator: " ")
  }

  /// Controls, separators other than the space, and marks of direction. Joiners and variation
  /// selectors are left alone: they are parts of the characters around them.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200C, 0x200D: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate:
      return true
    case .spaceSeparator: return scalar != " "
    default: return false
    }
  }
}
