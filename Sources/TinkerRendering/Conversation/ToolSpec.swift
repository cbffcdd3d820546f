public import TinkerJSON

/// The declaration of a tool: name, description, and a JSON schema of its parameters.
public struct ToolSpec: Sendable, Hashable {
  /// The whole declaration with its keys in order; some families write it as it stands.
  public let json: JSONObject
  /// The name of the tool.
  public let name: String
  /// What the tool does.
  public let description: String
  /// The JSON schema of the parameters.
  public let parameters: JSONObject

  /// A declaration from its parts.
  public init(name: String, description: String, parameters: JSONObject) {
    self.name = name
    self.description = description
    self.parameters = parameters
    json = [
      "name": .string(JSONString(name)), "description": .string(JSONString(description)),
      "parameters": .object(parameters),
    ]
  }

  /// A declaration from its JSON form.
  ///
  /// - Throws: `RenderingError` of kind `conversation` that names the key which is missing or of
  ///   another type.
  public init(json: JSONValue) throws(RenderingError) {
    guard let object = json.object else {
      throw RenderingError(.conversation, "expected an object, found \(json.kind.rawValue)")
    }
    self.json = object
    name = try Self.text("name", of: object)
    description = try Self.text("description", of: object)
    guard let parameters = object["parameters"] else { throw .missing("parameters") }
    guard let schema = parameters.object else {
      throw RenderingError(
        .conversation, "expected an object, found \(parameters.kind.rawValue)", at: "parameters")
    }
    self.parameters = schema
  }

  private static func text(_ key: String, of object: JSONObject) throws(RenderingError) -> String {
    guard let value = object[key] else { throw .missing(key) }
    guard let text = value.text else {
      throw RenderingError(
        .conversation, "expected a string, found \(value.kind.rawValue)", at: key)
    }
    return text
  }
}
