import TinkerJSON

/// Letter case, by the rules of Python's `str`.
extension TracedText {
  var uppercased: TracedText {
    mapped { (scalar, _) in scalar.properties.uppercaseMapping }
  }

  var lowercased: TracedText {
    let all = scalars
    return mapped { (scalar, index) in Self.lower(scalar, at: index, in: all) }
  }

  var capitalized: TracedText {
    let all = scalars
    return mapped { (scalar, index) in
      index == 0 ? scalar.properties.titlecaseMapping : Self.lower(scalar, at: index, in: all)
    }
  }

  /// `title()`: the first letter of each run of letters in title case.
  var titled: TracedText {
    let all = scalars
    return mapped { (scalar, index) in
      index > 0 && all[index - 1].properties.isCased
        ? Self.lower(scalar, at: index, in: all) : scalar.properties.titlecaseMapping
    }
  }

  var caseSwapped: TracedText {
    let all = scalars
    return mapped { (scalar, index) in
      scalar.properties.isUppercase
        ? Self.lower(scalar, at: index, in: all) : scalar.properties.uppercaseMapping
    }
  }

  private static func lower(
    _ scalar: Unicode.Scalar, at index: Int, in all: [Unicode.Scalar]
  ) -> String {
    if scalar != "\u{3A3}" { return scalar.properties.lowercaseMapping }
    return PythonText.isFinalSigma(at: index, in: all) ? "\u{3C2}" : "\u{3C3}"
  }

  /// What `isdigit()` and its like say.
  func isAll(_ method: TextMethod) -> Bool {
    let all = scalars
    switch method {
    case .isascii: return isASCII
    case .isprintable:
      return PythonRepresentation.repr(string).dropFirst().dropLast() == string[...]
    case .isidentifier:
      guard let first = all.first, PythonText.isWord(first), first.properties.numericType == nil
      else { return false }
      return all.allSatisfy(PythonText.isWord)
    case .islower:
      return all.contains { $0.properties.isLowercase }
        && !all.contains { $0.properties.isUppercase }
    case .isupper:
      return all.contains { $0.properties.isUppercase }
        && !all.contains { $0.properties.isLowercase }
    case .istitle:
      return titled.bytes == bytes && all.contains { $0.properties.isCased }
    default: break
    }
    if all.isEmpty { return false }
    return all.allSatisfy { scalar in
      switch method {
      case .isspace: PythonText.isSpace(scalar)
      case .isalpha: Self.isLetter(scalar)
      case .isdecimal: scalar.properties.numericType == .decimal
      case .isdigit:
        scalar.properties.numericType == .decimal || scalar.properties.numericType == .digit
      case .isnumeric: scalar.properties.numericType != nil
      default: Self.isLetter(scalar) || scalar.properties.numericType != nil
      }
    }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }
}
