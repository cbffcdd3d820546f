import TinkerJSON

/// A tool's declaration as Nemotron 3 reads it: XML-like elements, one a line.
enum NemotronTools {
  /// The lines of one tool, from `<function>` to `</function>`.
  ///
  /// - Throws: `RenderingError` of kind `conversation` where a parameter's schema is no object.
  static func text(for tool: ToolSpec) throws(RenderingError) -> String {
    var lines = ["<function>", "<name>\(tool.name)</name>"]
    let description = PythonText.strip(tool.description[...])
    if !description.isEmpty { lines.append("<description>\(description)</description>") }
    lines.append("<parameters>")
    for (name, value) in tool.parameters["properties"]?.object ?? [:] {
      guard let schema = value.object else {
        throw RenderingError(
          .conversation, "expected a schema object, found \(value.kind.rawValue)",
          at: "parameters.properties.\(name)")
      }
      lines += parameter(name, schema)
    }
    lines += otherKeys(of: tool.parameters, except: ["type", "properties", "required"])
    if let required = tool.parameters["required"] {
      lines.append("<required>\(required.serialized())</required>")
    }
    lines.append("</parameters>")
    lines += otherKeys(of: tool.json, except: ["type", "name", "description", "parameters"])
    lines.append("</function>")
    return lines.joined(separator: "\n")
  }

  private static func parameter(_ name: JSONString, _ schema: JSONObject) -> [String] {
    var lines = ["<parameter>", "<name>\(name)</name>"]
    if let type = schema["type"] { lines.append("<type>\(PythonRepresentation.str(type))</type>") }
    if let description = schema["description"]?.text {
      lines.append("<description>\(PythonText.strip(description[...]))</description>")
    }
    if let values = schema["enum"] { lines.append("<enum>\(values.serialized())</enum>") }
    lines += otherKeys(of: schema, except: ["name", "type", "description", "enum"])
    lines.append("</parameter>")
    return lines
  }

  private static func otherKeys(of object: JSONObject, except handled: [String]) -> [String] {
    object.filter { member in !handled.contains { member.key == $0 } }.map { key, value in
      let text =
        switch value {
        case .array, .object: value.serialized()
        case .null, .bool, .number, .string: PythonRepresentation.str(value)
        }
      return "<\(key)>\(text)</\(key)>"
    }
  }
}
