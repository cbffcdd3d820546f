import TinkerJSON

/// A JSON schema as a TypeScript type, in the form that Kimi K2.5 reads.
struct KimiSchema {
  /// The kinds of types.
  indirect enum Form {
    case scalar(String)
    case object(fields: [Field], additional: Additional?)
    case array(KimiSchema)
    case enumeration([JSONValue])
    case anyOf([KimiSchema])
    case union([String])
    case reference(String)
  }

  /// What other keys an object may have.
  enum Additional {
    case anything
    case nothing
    case values(KimiSchema)
  }

  /// One key of an object.
  struct Field {
    let name: JSONString
    let type: KimiSchema
    let isOptional: Bool
    let preset: JSONValue?
  }

  let form: Form
  private let description: String
  private let constraints: [(key: JSONString, value: JSONValue)]

  /// Definitions that a schema refers to, collected while it is read.
  struct Definitions {
    /// `$defs` in the order in which they were met.
    var schemas = JSONObject()
    /// Whether something refers to the whole (`#`).
    var hasSelfReference = false
  }
}

// MARK: Reading

extension KimiSchema {
  /// Reads a schema.
  ///
  /// - Throws: `RenderingError` of kind `conversation` for what the reference refuses: unknown
  ///   references, enumerations that contradict their type, schemas without a type.
  init(_ value: JSONValue, _ definitions: inout Definitions) throws(RenderingError) {
    if let flag = value.bool {
      self.init(form: .scalar(flag ? "any" : "null"), of: [:])
      return
    }
    guard let schema = value.object else {
      throw RenderingError(
        .conversation, "expected a schema object, found \(value.kind.rawValue)")
    }
    if let reference = schema["$ref"] {
      try self.init(form: .reference(Self.resolve(reference, &definitions)), of: schema)
    } else if let choices = schema["anyOf"] {
      var types: [KimiSchema] = []
      for choice in choices.array ?? [] { types.append(try KimiSchema(choice, &definitions)) }
      self.init(form: .anyOf(types), of: schema)
    } else if let values = schema["enum"] {
      try Self.check(values.array ?? [], against: schema["type"])
      self.init(form: .enumeration(values.array ?? []), of: schema)
    } else if let type = schema["type"] {
      try self.init(type, of: schema, &definitions)
    } else if schema.isEmpty {
      self.init(form: .scalar("any"), of: schema)
    } else {
      throw RenderingError(
        .conversation, "the schema \(value.serialized()) has no type, enum, anyOf or $ref")
    }
  }

  private init(form: Form, of schema: JSONObject, constraints keys: [String] = []) {
    self.form = form
    description = schema["description"]?.text ?? ""
    constraints = schema.filter { member in keys.contains { member.key == $0 } }
      .sorted { $0.key < $1.key }
  }

  private init(
    _ type: JSONValue, of schema: JSONObject, _ definitions: inout Definitions
  ) throws(RenderingError) {
    if let names = type.array {
      var types: [String] = []
      for name in names { types.append(try Self.unionMember(name)) }
      self.init(form: .union(types), of: schema)
      return
    }
    guard let name = type.text else {
      throw RenderingError(
        .conversation, "expected a type name, found \(type.kind.rawValue)", at: "type")
    }
    switch name {
    case "object": try self.init(object: schema, &definitions)
    case "array":
      let items = schema["items"] ?? [:]
      let isAny = items == [:] || items == .bool(false) || items == .null
      let item =
        try isAny ? KimiSchema(form: .scalar("any"), of: [:]) : KimiSchema(items, &definitions)
      self.init(form: .array(item), of: schema, constraints: ["minItems", "maxItems"])
    case "string":
      self.init(
        form: .scalar(name), of: schema, constraints: ["maxLength", "minLength", "pattern"])
    case "number", "integer":
      self.init(form: .scalar("number"), of: schema, constraints: ["maximum", "minimum"])
    default: self.init(form: .scalar(name), of: schema)
    }
  }

  /// Reads the schema of an object, and its definitions.
  init(object schema: JSONObject, _ definitions: inout Definitions) throws(RenderingError) {
    if let found = schema["$defs"]?.object {
      for (name, value) in found { definitions.schemas.set(name, to: value) }
    }
    let additional: Additional? =
      switch schema["additionalProperties"] {
      case nil, .null: nil
      case .bool(let flag): flag ? .anything : .nothing
      case .some(let value): .values(try KimiSchema(value, &definitions))
      }
    let required = schema["required"]?.array ?? []
    var fields: [Field] = []
    for (name, value) in schema["properties"]?.object ?? [:] {
      fields.append(
        Field(
          name: name, type: try KimiSchema(value, &definitions),
          isOptional: !required.contains(.string(name)),
          preset: value["default"].flatMap { $0 == .null ? nil : $0 }))
    }
    self.init(form: .object(fields: fields, additional: additional), of: schema)
  }

  private static func resolve(
    _ reference: JSONValue, _ definitions: inout Definitions
  ) throws(RenderingError) -> String {
    let text = reference.text ?? ""
    if text == "#" {
      definitions.hasSelfReference = true
      return "parameters"
    }
    let name = String(text.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
    guard text.hasPrefix("#/$defs/"), definitions.schemas[name] != nil else {
      throw RenderingError(.conversation, "the reference '\(text)' leads nowhere", at: "$ref")
    }
    return name
  }

  private static func unionMember(_ name: JSONValue) throws(RenderingError) -> String {
    switch name.text {
    case "string": return "string"
    case "number", "integer": return "number"
    case "boolean": return "boolean"
    case "null": return "null"
    case "object": return "{}"
    case "array": return "Array<any>"
    default:
      throw RenderingError(.conversation, "the type \(name.serialized()) is unknown", at: "type")
    }
  }

  private static func check(
    _ values: [JSONValue], against type: JSONValue?
  ) throws(RenderingError) {
    guard var type else { return }
    if let names = type.array {
      let others = names.filter { $0 != "null" }
      guard names.count == 1 || (names.count == 2 && others.count < 2) else {
        throw RenderingError(
          .conversation, "an enum of type \(type.serialized()) is not supported", at: "type")
      }
      type = others.first ?? names[0]
    }
    for value in values where value != .null {
      let fits =
        switch type.text {
        case "string": value.kind == .string
        case "number": value.kind == .number || value.kind == .bool
        case "integer": value.bool != nil || Self.isInteger(value)
        case "boolean": value.kind == .bool
        default: true
        }
      if !fits {
        throw RenderingError(
          .conversation, "the value \(value.serialized()) is not of type \(type.serialized())",
          at: "enum")
      }
    }
  }

  private static func isInteger(_ value: JSONValue) -> Bool {
    switch value {
    case .number(.integer), .number(.bigInteger): true
    default: false
    }
  }
}

// MARK: Writing

extension KimiSchema {
  private static let step = "  "

  /// The type, with `indent` in front of every line but the first.
  func typeScript(indent: String = "") -> String {
    switch form {
    case .scalar(let name), .reference(let name): name
    case .union(let types): types.joined(separator: " | ")
    case .anyOf(let types): types.map { $0.typeScript(indent: indent) }.joined(separator: " | ")
    case .enumeration(let values):
      values.map { value in
        if case .string(let text) = value { "\"\(text)\"" } else { PythonRepresentation.str(value) }
      }.joined(separator: " | ")
    case .array(let item): Self.array(of: item, indent: indent)
    case .object(let fields, let additional):
      Self.object(fields: fields, additional: additional, indent: indent)
    }
  }

  /// Description and constraints as comment lines, each with its line break.
  func docstring(indent: String) -> String {
    var out = ""
    if !description.isEmpty { out += Self.comment(description, indent: indent) + "\n" }
    if !constraints.isEmpty {
      let list = constraints.map { "\($0.key): \(PythonRepresentation.str($0.value))" }
      out += "\(indent)// \(list.joined(separator: ", "))\n"
    }
    return out
  }

  /// Text as comment lines; empty lines stay empty.
  static func comment(_ text: String, indent: String = "") -> String {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "\(indent)// \(String($0))" }
      .joined(separator: "\n")
  }

  private static func array(of item: KimiSchema, indent: String) -> String {
    let inner = indent + step
    let docstring = item.docstring(indent: inner)
    if docstring.isEmpty { return "Array<\(item.typeScript(indent: indent))>" }
    return "Array<\n\(docstring)\(inner)\(item.typeScript(indent: inner))\n\(indent)>"
  }

  private static func object(fields: [Field], additional: Additional?, indent: String) -> String {
    let inner = indent + step
    let sorted = fields.sorted {
      $0.isOptional == $1.isOptional ? $0.name < $1.name : !$0.isOptional
    }
    var lines = sorted.map { $0.typeScript(indent: inner) }
    switch additional {
    case nil: break
    case .anything: lines.append("\(inner)[k: string]: any")
    case .nothing: lines.append("\(inner)[k: string]: never")
    case .values(let type): lines.append("\(inner)[k: string]: \(type.typeScript(indent: inner))")
    }
    return lines.isEmpty ? "{}" : "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
  }
}

extension KimiSchema.Field {
  /// The key with its comments.
  func typeScript(indent: String) -> String {
    var out = type.docstring(indent: indent)
    if let preset {
      let text =
        switch preset {
        case .number, .bool: PythonRepresentation.repr(preset)
        default: preset.serialized(.pythonUnicode)
        }
      out += "\(indent)// Default: \(text)\n"
    }
    return out + "\(indent)\(name)\(isOptional ? "?" : ""): \(type.typeScript(indent: indent))"
  }
}
