import TinkerJSON

/// `value is …`.
extension Interpreter {
  func test(
    _ name: String, _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Bool {
    switch name {
    case "defined": return !value.isUndefined
    case "undefined": return value.isUndefined
    case "none": return value.isNone
    case "boolean": if case .bool = value.form { return true } else { return false }
    case "true": if case .bool(true) = value.form { return true } else { return false }
    case "false": if case .bool(false) = value.form { return true } else { return false }
    case "number":
      switch value.form {
      case .bool, .number: return true
      default: return false
      }
    case "integer":
      switch value.form {
      case .number(.integer), .number(.bigInteger): return true
      default: return false
      }
    case "float": if case .number(.double) = value.form { return true } else { return false }
    case "string": return value.asText != nil
    case "mapping": if case .dictionary = value.form { return true } else { return false }
    case "sequence":
      switch value.form {
      case .text, .dictionary: return true
      case .list(let list): return list.kind.isSequence
      default: return false
      }
    case "iterable":
      switch value.form {
      case .text, .dictionary, .list, .iterator, .loop, .undefined: return true
      default: return false
      }
    case "callable":
      switch value.form {
      case .callable, .undefined: return true
      default: return false
      }
    case "lower", "upper":
      return try string(of: value, at: offset).isAll(name == "lower" ? .islower : .isupper)
    case "odd", "even", "divisibleby": return try divides(name, value, given, at: offset)
    case "sameas": return try isSame(value, try operand(given, at: offset), at: offset)
    case "in": return try contains(try operand(given, at: offset), value, at: offset)
    case "escaped": return false
    case "filter": return try Self.filterNames.contains(string(of: value, at: offset).string)
    case "test": return try Self.testNames.contains(string(of: value, at: offset).string)
    default:
      guard let comparison = Self.comparisons[name] else {
        throw TemplateError(.runtime, "No test named '\(name)'.", at: offset)
      }
      return try compare(comparison, value, try operand(given, at: offset), at: offset)
    }
  }

  private static let comparisons: [String: Comparison] = [
    "eq": .equal, "equalto": .equal, "==": .equal, "ne": .unequal, "!=": .unequal, "lt": .less,
    "lessthan": .less, "<": .less, "le": .lessOrEqual, "<=": .lessOrEqual, "gt": .greater,
    "greaterthan": .greater, ">": .greater, "ge": .greaterOrEqual, ">=": .greaterOrEqual,
  ]

  private static let testNames: Set<String> = Set(comparisons.keys).union([
    "defined", "undefined", "none", "boolean", "true", "false", "number", "integer", "float",
    "string", "mapping", "sequence", "iterable", "callable", "lower", "upper", "odd", "even",
    "divisibleby", "sameas", "in", "escaped", "filter", "test",
  ])

  private func operand(_ given: CallValues, at offset: Int) throws(TemplateError) -> Value {
    guard let value = given.positional.first ?? given.named.first?.value else {
      throw TemplateError(.runtime, "this test needs a value to compare with", at: offset)
    }
    return value
  }

  private func divides(
    _ name: String, _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Bool {
    let divisor = name == "divisibleby" ? integer(try operand(given, at: offset)) : 2
    guard let number = integer(value), let divisor else {
      try checkDefined(value, at: offset)
      throw TemplateError(.runtime, "an integer is needed, not \(value.typeName)", at: offset)
    }
    if divisor == 0 { throw TemplateError(.runtime, "division by zero", at: offset) }
    let rest = number.remainderReportingOverflow(dividingBy: divisor).partialValue
    return name == "odd" ? rest != 0 : rest == 0
  }

  /// Identity, as far as it is told apart: constants are themselves, and values of the input too.
  private func isSame(_ left: Value, _ right: Value, at offset: Int) throws(TemplateError) -> Bool {
    switch (left.form, right.form) {
    case (.none, .none): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.bool, _), (_, .bool), (.none, _), (_, .none): return false
    default:
      if left.typeName != right.typeName { return false }
      return try isEqual(left, right, at: offset)
    }
  }
}
