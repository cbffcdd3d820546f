import TinkerJSON

/// Tool declarations as GPT-OSS reads them: a TypeScript-like namespace of functions.
enum HarmonyTools {
  /// The text of a developer message that declares tools.
  ///
  /// - Throws: `RenderingError` of kind `conversation` where a schema is no object.
  static func text(for tools: [ToolSpec]) throws(RenderingError) -> String {
    var definitions: [String] = []
    for tool in tools { definitions.append(try definition(of: tool)) }
    return "# Tools\n\n## functions\n\nnamespace functions {\n\n"
      + definitions.joined(separator: "\n\n") + "\n\n} // namespace functions"
  }

  private static func definition(of tool: ToolSpec) throws(RenderingError) -> String {
    let comment = tool.description.isEmpty ? "" : "// \(tool.description)\n"
    let parameters = try parameters(of: tool.parameters)
    return "\(comment)type \(tool.name) = \(parameters) => any;"
  }

  private static func parameters(of schema: JSONObject) throws(RenderingError) -> String {
    let properties = try object(schema["properties"] ?? [:], at: "properties")
    guard schema["type"] == "object", !properties.isEmpty else { return "()" }
    let description = schema["description"].flatMap(nonEmpty)
    var lines = ["(_:" + (description.map { " // \($0)" } ?? ""), "{"]
    for (name, value) in properties {
      let property = try object(value, at: "properties.\(name)")
      lines += comments(on: property).map { "// \($0)" }
      let mark = isRequired(name, in: schema) ? "" : "?"
      let preset = property["default"].map { " // default: \($0.serialized())" } ?? ""
      lines.append("\(name)\(mark): \(try type(of: property)),\(preset)")
    }
    lines.append("})")
    return lines.joined(separator: "\n")
  }

  private static func comments(on schema: JSONObject) -> [String] {
    var lines: [String] = []
    if let title = schema["title"].flatMap(nonEmpty) { lines += [title, ""] }
    if let description = schema["description"].flatMap(nonEmpty) { lines.append(description) }
    if let examples = schema["examples"]?.array, !examples.isEmpty {
      lines.append("Examples:")
      lines += examples.map { "- \($0.serialized())" }
    }
    return lines
  }

  private static func type(of schema: JSONObject) throws(RenderingError) -> String {
    for key in ["oneOf", "anyOf"] {
      if let choices = schema[key]?.array { return try union(of: choices, at: key) }
    }
    if let names = schema["type"]?.array {
      return try union(of: names.map { ["type": $0] }, at: "type")
    }
    let base: String
    switch schema["type"]?.text {
    case "string":
      if let values = schema["enum"]?.array {
        return values.map { $0.serialized() }.joined(separator: " | ")
      }
      base = "string"
    case "number", "integer": base = "number"
    case "boolean": base = "boolean"
    case "array": base = try type(of: object(schema["items"] ?? [:], at: "items")) + "[]"
    case "object": base = try inlineObject(schema)
    default: base = "any"
    }
    return schema["nullable"].map(PythonRepresentation.isTrue) == true ? base + " | null" : base
  }

  private static func union(
    of schemas: [JSONValue], at key: String
  ) throws(RenderingError) -> String {
    var types: [String] = []
    for schema in schemas { types.append(try type(of: object(schema, at: key))) }
    return types.joined(separator: " | ")
  }

  private static func inlineObject(_ schema: JSONObject) throws(RenderingError) -> String {
    var fields: [String] = []
    for (name, value) in try object(schema["properties"] ?? [:], at: "properties") {
      let mark = isRequired(name, in: schema) ? "" : "?"
      fields.append("\(name)\(mark): \(try type(of: object(value, at: "properties.\(name)")))")
    }
    return "{ " + fields.joined(separator: ", ") + " }"
  }

  private static func isRequired(_ name: JSONString, in schema: JSONObject) -> Bool {
    schema["required"]?.array?.contains(.string(name)) ?? false
  }

  /// What Python prints of a value that counts as true.
  private static func nonEmpty(_ value: JSONValue) -> String? {
    PythonRepresentation.isTrue(value) ? PythonRepresentation.str(value) : nil
  }

  private static func object(
    _ value: JSONValue, at field: String
  ) throws(RenderingError) -> JSONObject {
    guard let object = value.object else {
      throw RenderingError(
        .conversation, "expected a schema object, found \(value.kind.rawValue)", at: field)
    }
    return object
  }
}
