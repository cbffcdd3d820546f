import TinkerJSON

/// Runs a template once.
///
/// The language is Python's as far as a template can see it; what it may do is what the reference's
/// immutable sandbox allows. Everything is bounded by the limits.
final class Interpreter {
  let limits: TemplateLimits
  let table: OriginTable
  let date: TemplateDate?

  /// The texts being written: the output, and above it what blocks and macros collect.
  private var buffers: [TracedText] = [TracedText()]
  /// The message that is being written, or -1.
  var message: Int32 = -1
  private(set) var generations: [Range<Int>] = []

  private var steps = 0
  private var depth = 0
  var calls = 0
  /// The variables of the input.
  private let root: Scope
  /// What may hold itself by way of its values, to be let go at the end.
  private var scopesToClear: [Scope] = []
  private var namespaces: [NamespaceValue] = []

  /// What a statement asks of the loop around it.
  enum Flow {
    case normal, leaveLoop, nextRound
  }

  init(
    variables: [(name: String, value: Value)], table: OriginTable, date: TemplateDate?,
    limits: TemplateLimits
  ) {
    self.limits = limits
    self.table = table
    self.date = date
    root = Scope(inside: nil)
    for (name, value) in variables { root.set(name, to: value) }
  }

  /// Runs the statements of a template and gives its output.
  func run(_ statements: [Statement]) throws(TemplateError) -> TracedText {
    defer {
      for scope in scopesToClear { scope.clear() }
      for namespace in namespaces { namespace.members = [] }
      root.clear()
    }
    let scope = Scope(inside: root)
    scopesToClear.append(scope)
    _ = try run(statements, in: scope)
    return buffers[0]
  }

  // MARK: Bounds

  func charge(_ count: Int = 1, at offset: Int) throws(TemplateError) {
    steps += count
    if steps > limits.steps {
      throw TemplateError(.limit, "the template takes more than \(limits.steps) steps", at: offset)
    }
  }

  /// Checks the size of a text that is made or about to be made.
  func charge(bytes: Int, at offset: Int) throws(TemplateError) {
    if bytes > limits.textBytes {
      throw TemplateError(
        .limit, "a text would have more than \(limits.textBytes) bytes", at: offset)
    }
    try charge(bytes / 64 + 1, at: offset)
  }

  /// Runs one level deeper.
  func deeper<T>(
    at offset: Int, _ body: () throws(TemplateError) -> T
  ) throws(TemplateError) -> T {
    depth += 1
    defer { depth -= 1 }
    if depth > TemplateLimits.runningDepth {
      throw TemplateError(
        .limit, "the template runs more than \(TemplateLimits.runningDepth) levels deep", at: offset
      )
    }
    return try body()
  }

  func makeNamespace(at offset: Int) throws(TemplateError) -> NamespaceValue {
    try charge(8, at: offset)
    let namespace = NamespaceValue()
    namespaces.append(namespace)
    return namespace
  }

  /// A list, unless values are nested too deep in it.
  func list(
    _ items: [Value], kind: ListValue.Kind = .list, at offset: Int
  ) throws(TemplateError) -> Value {
    try charge(items.count, at: offset)
    let list = ListValue(items, kind: kind)
    try checkDepth(list.depth, at: offset)
    return Value(.list(list), from: origin(offset))
  }

  func iterator(_ items: [Value], at offset: Int) throws(TemplateError) -> Value {
    try charge(items.count, at: offset)
    let iterator = IteratorValue(items)
    try checkDepth(iterator.depth, at: offset)
    return Value(.iterator(iterator), from: origin(offset))
  }

  func checkDepth(_ depth: Int, at offset: Int) throws(TemplateError) {
    if depth > TemplateLimits.valueDepth {
      throw TemplateError(
        .limit, "values are nested more than \(TemplateLimits.valueDepth) deep", at: offset)
    }
  }

  /// The origin of what the template makes here.
  func origin(_ offset: Int) -> Origin { .template(offset, message: message) }

  // MARK: Output

  /// Appends to the text that is being written. Text of the template that belongs to no message yet
  /// belongs to the one that is being written, or else to the only one that is written with it.
  func write(_ text: TracedText, at offset: Int) throws(TemplateError) {
    try charge(bytes: buffers[buffers.count - 1].count + text.count, at: offset)
    var only = message
    if only < 0 {
      for run in text.runs where run.origin.message >= 0 {
        if only >= 0, only != run.origin.message {
          only = -1
          break
        }
        only = run.origin.message
      }
    }
    var start = 0
    for run in text.runs {
      var origin = run.origin
      if origin.node == nil, origin.message < 0 { origin.message = only }
      buffers[buffers.count - 1].append(text.bytes[start..<run.end], from: origin)
      start = run.end
    }
  }

  /// Runs statements and gives what they write.
  func collect(
    _ body: () throws(TemplateError) -> Void
  ) throws(TemplateError) -> TracedText {
    buffers.append(TracedText())
    do throws(TemplateError) { try body() } catch {
      buffers.removeLast()
      throw error
    }
    return buffers.removeLast()
  }

  /// Writes the body of a `generation` block and notes where it stands.
  private func generate(
    _ body: [Statement], in scope: Scope, at offset: Int
  ) throws(TemplateError) {
    let text = try collect { () throws(TemplateError) in
      _ = try run(body, in: Scope(inside: scope))
    }
    let start = buffers[0].count
    generations.append(start..<start + text.count)
    try write(text, at: offset)
  }

  // MARK: Statements

  func run(_ statements: [Statement], in scope: Scope) throws(TemplateError) -> Flow {
    for statement in statements {
      let flow = try deeper(at: 0) { () throws(TemplateError) in try run(statement, in: scope) }
      if flow != .normal { return flow }
    }
    return .normal
  }

  private func run(_ statement: Statement, in scope: Scope) throws(TemplateError) -> Flow {
    switch statement {
    case .text(let bytes, let offset):
      try write(TracedText(bytes, from: origin(offset)), at: offset)
    case .output(let expression):
      let value = try evaluate(expression, in: scope)
      try write(try string(of: value, at: expression.offset), at: expression.offset)
    case .branches(let branches, let otherwise):
      for (condition, body) in branches {
        if (try evaluate(condition, in: scope)).isTrue {
          return try run(body, in: scope)
        }
      }
      return try run(otherwise, in: scope)
    case .loop(let loop): try run(loop, in: scope)
    case .assign(let target, let expression):
      try assign(try evaluate(expression, in: scope), to: target, in: scope, expression.offset)
    case .assignBlock(let target, let filters, let body, let offset):
      let text = try collect { () throws(TemplateError) in
        _ = try run(body, in: Scope(inside: scope))
      }
      try assign(
        try follow(filters, from: .text(text), in: scope), to: target, in: scope, offset)
    case .macro(let definition):
      scopesToClear.append(scope)
      scope.set(
        definition.name,
        to: Value(.callable(.macro(definition, scope)), from: .template(definition.offset)))
    case .call(let call, let definition): try runCall(call, definition, in: scope)
    case .filterBlock(let filters, let body, let offset):
      let text = try collect { () throws(TemplateError) in
        _ = try run(body, in: Scope(inside: scope))
      }
      let value = try follow(filters, from: .text(text), in: scope)
      try write(try string(of: value, at: offset), at: offset)
    case .with(let values, let body):
      let inner = Scope(inside: scope)
      for (target, value) in values {
        try assign(try evaluate(value, in: scope), to: target, in: inner, value.offset)
      }
      return try run(body, in: inner)
    case .scope(let body): return try run(body, in: Scope(inside: scope))
    case .generation(let body, let offset): try generate(body, in: scope, at: offset)
    case .leaveLoop: return .leaveLoop
    case .nextRound: return .nextRound
    }
    return .normal
  }

  private func runCall(
    _ call: Expression, _ definition: MacroDefinition, in scope: Scope
  ) throws(TemplateError) {
    guard case .chain(let base, let links) = call.form, case .call(let given)? = links.last?.form
    else { return }
    let callee = try follow(
      Array(links.dropLast()), from: try evaluate(base, in: scope), in: scope)
    scopesToClear.append(scope)
    let caller = Value(.callable(.caller(definition, scope)), from: .template(definition.offset))
    var values = try evaluate(given, in: scope)
    values.named.append(("caller", caller))
    let offset = links[links.count - 1].offset
    try write(
      try string(of: try self.call(callee, values, in: scope, at: offset), at: offset), at: offset)
  }

  // MARK: Assignments

  func assign(
    _ value: Value, to target: Target, in scope: Scope, _ offset: Int
  ) throws(TemplateError) {
    switch target {
    case .name(let name):
      scope.set(name, to: value)
      noteMessage(value)
    case .member(let name, let member, let offset):
      guard case .namespace(let namespace)? = scope[name]?.form else {
        throw TemplateError(
          .runtime, "cannot assign attribute on non-namespace object '\(name)'", at: offset)
      }
      namespace.set(member, to: value)
    case .tuple(let targets, let offset):
      let items = try elements(of: value, at: offset)
      guard items.count == targets.count else {
        throw TemplateError(
          .runtime,
          "\(targets.count) values are unpacked here, and there are \(items.count)", at: offset)
      }
      for (target, item) in zip(targets, items) { try assign(item, to: target, in: scope, offset) }
    }
  }

  /// Whoever takes a message while none is being written begins to write it.
  func noteMessage(_ value: Value) {
    if message < 0, table.isWholeMessage(value.origin) { message = value.origin.message }
  }

  // MARK: Loops

  private func run(_ loop: ForLoop, in scope: Scope) throws(TemplateError) {
    let sequence = try evaluate(loop.sequence, in: scope)
    try run(loop, over: sequence, depth: 1, in: scope)
  }

  func run(
    _ loop: ForLoop, over sequence: Value, depth: Int, in scope: Scope
  ) throws(TemplateError) {
    var items = try elements(of: sequence, at: loop.sequence.offset)
    if let condition = loop.condition {
      var kept: [Value] = []
      for item in items {
        let inner = Scope(inside: scope)
        try assign(item, to: loop.target, in: inner, loop.offset)
        if (try evaluate(condition, in: inner)).isTrue {
          kept.append(item)
        }
      }
      items = kept
    }
    let outerMessage = message
    defer { message = outerMessage }
    let state = LoopValue(items, depth: depth, body: loop.isRecursive ? loop : nil, scope: scope)
    for (index, item) in items.enumerated() {
      try charge(at: loop.offset)
      state.index = index
      message = table.isWholeMessage(item.origin) ? item.origin.message : outerMessage
      let inner = Scope(inside: scope)
      inner.set("loop", to: Value(.loop(state), from: .template(loop.offset)))
      try assign(item, to: loop.target, in: inner, loop.offset)
      if try run(loop.body, in: inner) == .leaveLoop { break }
    }
    message = outerMessage
    if items.isEmpty { _ = try run(loop.otherwise, in: Scope(inside: scope)) }
  }
}
