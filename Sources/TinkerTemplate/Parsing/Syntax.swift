import TinkerJSON

/// An expression with the byte of the template that names it in errors.
struct Expression: Sendable {
  indirect enum Form: Sendable {
    case text([UInt8])
    case number(JSONNumber)
    case bool(Bool)
    case none
    case name(String)
    case tuple([Expression])
    case list([Expression])
    case dictionary([(key: Expression, value: Expression)])
    /// A value with what is asked of it, from left to right.
    case chain(Expression, [Link])
    case test(Expression, name: String, Arguments, isNegated: Bool)
    case not(Expression)
    case negative(Expression)
    case positive(Expression)
    case conditional(Expression, condition: Expression, otherwise: Expression?)
    case and([Expression])
    case or([Expression])
    case comparison(Expression, [(symbol: Comparison, operand: Expression)])
    /// Operations of one rank, from left to right.
    case arithmetic(Expression, [(symbol: Arithmetic, operand: Expression)])
    case concatenation([Expression])
  }

  /// One step of a chain.
  struct Link: Sendable {
    enum Form: Sendable {
      case attribute(String)
      case item(Expression)
      case slice(Expression?, Expression?, Expression?)
      case call(Arguments)
      case filter(String, Arguments)
    }

    let form: Form
    let offset: Int
  }

  let form: Form
  let offset: Int
}

/// What stands between the parentheses of a call.
struct Arguments: Sendable {
  var positional: [Expression] = []
  var named: [(name: String, value: Expression)] = []
  var spread: Expression?
  var spreadNamed: Expression?
}

enum Comparison: String, Sendable {
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case contained = "in"
  case notContained = "not in"
}

enum Arithmetic: String, Sendable {
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case power = "**"
}

/// What is assigned to.
enum Target: Sendable {
  case name(String)
  case member(namespace: String, name: String, offset: Int)
  indirect case tuple([Target], offset: Int)
}

/// A statement of a template.
indirect enum Statement: Sendable {
  case text([UInt8], offset: Int)
  case output(Expression)
  case branches([(condition: Expression, body: [Statement])], otherwise: [Statement])
  case loop(ForLoop)
  case assign(Target, Expression)
  case assignBlock(Target, filters: [Expression.Link], body: [Statement], offset: Int)
  case macro(MacroDefinition)
  case call(Expression, MacroDefinition)
  case filterBlock([Expression.Link], body: [Statement], offset: Int)
  case with([(target: Target, value: Expression)], body: [Statement])
  /// A block with variables of its own.
  case scope([Statement])
  case generation([Statement], offset: Int)
  case leaveLoop
  case nextRound
}

/// A `for` block.
final class ForLoop: Sendable {
  let target: Target
  let sequence: Expression
  let condition: Expression?
  let isRecursive: Bool
  let body: [Statement]
  let otherwise: [Statement]
  let offset: Int

  init(
    target: Target, sequence: Expression, condition: Expression?, isRecursive: Bool,
    body: [Statement], otherwise: [Statement], offset: Int
  ) {
    self.target = target
    self.sequence = sequence
    self.condition = condition
    self.isRecursive = isRecursive
    self.body = body
    self.otherwise = otherwise
    self.offset = offset
  }
}

/// A macro, or the body of a `call` block.
final class MacroDefinition: Sendable {
  let name: String
  let parameters: [(name: String, initial: Expression?)]
  let body: [Statement]
  let offset: Int
  /// The variables that stand in the body, `varargs` and `kwargs` perhaps among them.
  private let names: Set<String>

  /// Whether the body has a variable.
  func usesVariable(_ name: String) -> Bool { names.contains(name) }

  init(
    name: String, parameters: [(name: String, initial: Expression?)], body: [Statement],
    names: Set<String>, offset: Int
  ) {
    self.names = names
    self.name = name
    self.parameters = parameters
    self.body = body
    self.offset = offset
  }
}
