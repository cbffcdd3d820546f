import TinkerJSON

/// Tool declarations as Kimi K2.5 reads them: TypeScript functions with their interfaces.
enum KimiTools {
  /// The text of the declaration; empty without tools.
  ///
  /// - Throws: `RenderingError` of kind `conversation` for schemas that the reference refuses.
  static func text(for tools: [ToolSpec]) throws(RenderingError) -> String {
    if tools.isEmpty { return "" }
    var functions: [String] = []
    for tool in tools { functions.append(try function(tool)) }
    return "# Tools\n\n## functions\nnamespace functions {\n"
      + functions.joined(separator: "\n") + "\n}\n"
  }

  private static func function(_ tool: ToolSpec) throws(RenderingError) -> String {
    var definitions = KimiSchema.Definitions()
    let parameters = try KimiSchema(object: tool.parameters, &definitions)
    var lines: [String] = []
    // What definitions refer to while they are read below comes too late for the reference.
    let isNamed = definitions.hasSelfReference
    if isNamed, case .object(let fields, _) = parameters.form {
      let body = fields.map { $0.typeScript(indent: "  ") }.joined(separator: ",\n")
      lines.append("interface parameters {" + (body.isEmpty ? "" : "\n\(body)\n") + "}")
    }
    for (name, value) in definitions.schemas {
      let type = try KimiSchema(value, &definitions)
      if let description = value["description"]?.text, !description.isEmpty {
        lines.append(KimiSchema.comment(description))
      }
      lines.append("interface \(name) \(type.typeScript())")
    }
    if !tool.description.isEmpty { lines.append(KimiSchema.comment(tool.description)) }
    let type = isNamed ? "parameters" : parameters.typeScript()
    lines.append("type \(tool.name) = (_: \(type)) => any;")
    return lines.joined(separator: "\n")
  }
}
