import TinkerJSON

/// A value of the template's language, which is Python's. Values do not change; what the language lets
/// change (namespaces, iterators) is a reference inside.
struct Value {
  /// What the value is.
  enum Form {
    /// Nothing is there; the hint says what was asked for.
    case undefined(UndefinedValue)
    case none
    case bool(Bool)
    case number(JSONNumber)
    case text(TracedText)
    case list(ListValue)
    case dictionary(DictionaryValue)
    case iterator(IteratorValue)
    case namespace(NamespaceValue)
    case callable(CallableValue)
    case loop(LoopValue)
    case cycler(CyclerValue)
  }

  let form: Form
  /// Where the value comes from. The runs of a text say it better.
  let origin: Origin

  init(_ form: Form, from origin: Origin) {
    self.form = form
    self.origin = origin
  }

  static func text(_ text: TracedText) -> Value {
    Value(.text(text), from: text.onlyOrigin ?? .template(0))
  }

  static func bool(_ value: Bool, from origin: Origin) -> Value {
    Value(.bool(value), from: origin)
  }

  static func integer(_ value: Int, from origin: Origin) -> Value {
    Value(.number(.integer(value)), from: origin)
  }

  static func undefined(_ message: String, isUnsafe: Bool = false, from origin: Origin) -> Value {
    Value(.undefined(UndefinedValue(message: message, isUnsafe: isUnsafe)), from: origin)
  }

  var isUndefined: Bool { if case .undefined = form { true } else { false } }
  var isNone: Bool { if case .none = form { true } else { false } }
  var asText: TracedText? { if case .text(let text) = form { text } else { nil } }

  /// What the reference counts as true.
  var isTrue: Bool {
    switch form {
    case .undefined, .none: false
    case .bool(let value): value
    case .number(let number): number.double != 0
    case .text(let text): !text.isEmpty
    case .list(let list): !list.items.isEmpty
    case .dictionary(let dictionary): !dictionary.members.isEmpty
    case .iterator, .namespace, .callable, .loop, .cycler: true
    }
  }

  /// How deep values are nested in it.
  var depth: Int {
    switch form {
    case .list(let list): list.depth
    case .dictionary(let dictionary): dictionary.depth
    case .iterator(let iterator): iterator.depth
    case .undefined, .none, .bool, .number, .text, .namespace, .callable, .loop, .cycler: 0
    }
  }

  /// The name of the type, as the reference's messages have it.
  var typeName: String {
    switch form {
    case .undefined: "Undefined"
    case .none: "NoneType"
    case .bool: "bool"
    case .number(.double): "float"
    case .number: "int"
    case .text: "str"
    case .list(let list): list.kind.rawValue
    case .dictionary: "dict"
    case .iterator: "generator"
    case .namespace: "Namespace"
    case .callable: "function"
    case .loop: "LoopContext"
    case .cycler: "Cycler"
    }
  }
}

/// What is missing.
struct UndefinedValue {
  let message: String
  /// Whether the sandbox has hidden it.
  let isUnsafe: Bool
}

/// Values in order.
struct ListValue {
  /// Which of Python's sequences.
  enum Kind: String {
    case list
    case tuple
    case range
    case keys = "dict_keys"
    case values = "dict_values"
    case items = "dict_items"
    /// A tuple with the names `grouper` and `list`.
    case group = "_GroupTuple"

    /// Whether elements are reached by index.
    var isSequence: Bool {
      switch self {
      case .list, .tuple, .range, .group: true
      case .keys, .values, .items: false
      }
    }
  }

  let kind: Kind
  let items: [Value]
  let depth: Int

  init(_ items: [Value], kind: Kind = .list) {
    self.items = items
    self.kind = kind
    depth = 1 + (items.lazy.map(\.depth).max() ?? 0)
  }
}

/// Values that are taken one by one, and only once.
final class IteratorValue {
  private var items: [Value]
  private var position = 0
  let depth: Int

  init(_ items: [Value]) {
    self.items = items
    depth = 1 + (items.lazy.map(\.depth).max() ?? 0)
  }

  /// The next value.
  func next() -> Value? {
    guard position < items.count else { return nil }
    position += 1
    return items[position - 1]
  }

  /// All that are left.
  func rest() -> [Value] {
    defer { position = items.count }
    return Array(items[min(position, items.count)...])
  }
}

/// Variables that a template may set from inside a loop.
final class NamespaceValue {
  var members: [(name: String, value: Value)] = []

  subscript(name: String) -> Value? {
    members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  func set(_ name: String, to value: Value) {
    if let index = members.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      members[index].value = value
    } else {
      members.append((name, value))
    }
  }
}

/// What `loop` is inside a loop.
final class LoopValue {
  let items: [Value]
  let depth: Int
  var index = 0
  var lastChanged: [Value]?
  /// The loop to call with other items, if it is a recursive one.
  let body: ForLoop?
  let scope: Scope

  init(_ items: [Value], depth: Int, body: ForLoop?, scope: Scope) {
    self.items = items
    self.depth = depth
    self.body = body
    self.scope = scope
  }
}

/// `cycler(…)` and `joiner(…)`.
final class CyclerValue {
  let items: [Value]
  let isJoiner: Bool
  var position = 0

  init(_ items: [Value], isJoiner: Bool) {
    self.items = items
    self.isJoiner = isJoiner
  }
}

/// What can be called.
enum CallableValue {
  /// A macro with the variables around its definition.
  case macro(MacroDefinition, Scope)
  /// The body of a `call` block.
  case caller(MacroDefinition, Scope)
  /// A method of a value.
  indirect case method(Value, String)
  /// A function that every template has.
  case global(GlobalFunction)
}

/// The functions that every template has.
enum GlobalFunction: String {
  case range, dict, namespace, cycler, joiner
  case raiseException = "raise_exception"
  case strftimeNow = "strftime_now"
}

/// Members in order, by keys of any kind.
struct DictionaryValue {
  typealias Member = (key: Value, value: Value)

  /// More members than this are looked up in a table.
  private static let linearLimit = 12

  private(set) var members: [Member] = []
  private(set) var depth = 1
  private var keys: [DictionaryKey] = []
  private var positions: [DictionaryKey: Int] = [:]

  subscript(key: DictionaryKey) -> Value? {
    position(of: key).map { members[$0].value }
  }

  subscript(text: String) -> Value? { self[.text(Array(text.utf8))] }

  /// Sets a member: in place if the key exists, at the end otherwise.
  mutating func set(_ key: Value, _ hashed: DictionaryKey, to value: Value) {
    depth = max(depth, 1 + max(value.depth, key.depth))
    if let position = position(of: hashed) {
      members[position].value = value
      return
    }
    members.append((key, value))
    keys.append(hashed)
    if keys.count == Self.linearLimit + 1 {
      for (index, key) in keys.enumerated() { positions[key] = index }
    } else if keys.count > Self.linearLimit {
      positions[hashed] = keys.count - 1
    }
  }

  private func position(of key: DictionaryKey) -> Int? {
    keys.count > Self.linearLimit ? positions[key] : keys.firstIndex(of: key)
  }
}

/// A key of a dictionary: equal as Python has it, so that `1`, `1.0` and `True` are one.
enum DictionaryKey: Hashable {
  case none
  case number(JSONNumber)
  case text([UInt8])
  indirect case tuple([DictionaryKey])

  /// The key that a value is; `nil` for values that cannot be keys.
  init?(_ value: Value) {
    switch value.form {
    case .none: self = .none
    case .bool(let value): self = .number(.integer(value ? 1 : 0))
    case .number(.double(let value)):
      self = .number(Int(exactly: value).map { .integer($0) } ?? .double(value))
    case .number(let number): self = .number(number)
    case .text(let text): self = .text(text.bytes)
    case .list(let list) where list.kind == .tuple || list.kind == .group:
      var keys: [DictionaryKey] = []
      for item in list.items {
        guard let key = DictionaryKey(item) else { return nil }
        keys.append(key)
      }
      self = .tuple(keys)
    case .undefined, .list, .dictionary, .iterator, .namespace, .callable, .loop, .cycler:
      return nil
    }
  }
}
