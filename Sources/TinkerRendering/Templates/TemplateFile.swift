public import TinkerJSON
public import TinkerTemplate
import TinkerTokenizer

/// A chat template as it lies on disk, with the special tokens that it is given.
public struct TemplateFile: Sendable {
  /// The template.
  public let template: ChatTemplate
  /// The special tokens by the names of their variables, for example `bos_token`.
  public let specialTokens: JSONObject

  /// A template with its special tokens.
  public init(template: ChatTemplate, specialTokens: JSONObject = [:]) {
    self.template = template
    self.specialTokens = specialTokens
  }

  /// Reads a template.
  ///
  /// The path is a `chat_template.jinja`, a `chat_template.json` or `tokenizer_config.json` with the
  /// key `chat_template`, or a folder with one of them. Special tokens come from the
  /// `tokenizer_config.json`, also from one beside the file.
  ///
  /// - Throws: `RenderingError` that names the file, or the place in the template.
  public init(contentsOf path: String) throws(RenderingError) {
    var file = path
    if FileBytes.isFolder(path) {
      let names = ["chat_template.jinja", "chat_template.json", "tokenizer_config.json"]
      guard let name = names.first(where: { FileBytes.exists(path + "/" + $0) }) else {
        throw RenderingError(
          .request, "the folder \(path) has none of \(names.joined(separator: ", "))")
      }
      file = path + "/" + name
    }
    let bytes = try Self.read(file)
    let isJSON = file.hasSuffix(".json")
    var configuration = isJSON ? try Self.parse(bytes, of: file) : .null
    let source =
      isJSON ? try Self.source(in: configuration, of: file) : String(decoding: bytes, as: UTF8.self)
    if !file.hasSuffix("tokenizer_config.json") {
      let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
      let beside = folder + "tokenizer_config.json"
      configuration =
        FileBytes.exists(beside) ? try Self.parse(try Self.read(beside), of: beside) : .null
    }
    do throws(TemplateError) {
      self.init(
        template: try ChatTemplate(source), specialTokens: Self.specialTokens(of: configuration))
    } catch { throw RenderingError(.request, "\(file): \(error.description)") }
  }

  /// The template that a renderer's name asks for; `nil` for other names.
  init?(rendererName name: String) throws(RenderingError) {
    guard name.hasPrefix(RendererRegistry.templatePrefix) else { return nil }
    try self.init(contentsOf: String(name.dropFirst(RendererRegistry.templatePrefix.count)))
  }

  // MARK: Files

  private static func read(_ path: String) throws(RenderingError) -> [UInt8] {
    do { return try FileBytes.read(path) } catch {
      throw RenderingError(.request, error.description)
    }
  }

  private static func parse(_ bytes: [UInt8], of path: String) throws(RenderingError) -> JSONValue {
    do { return try JSONValue.parse(bytes) } catch {
      throw RenderingError(.request, "\(path): \(error.description)")
    }
  }

  /// The template in a file of JSON; of several the one named `default`.
  private static func source(
    in json: JSONValue, of path: String
  ) throws(RenderingError) -> String {
    if let text = json["chat_template"]?.text { return text }
    for item in json["chat_template"]?.array ?? [] where item["name"] == "default" {
      if let text = item["template"]?.text { return text }
    }
    throw RenderingError(
      .request, "\(path) has no text 'chat_template', and no list of them with one named default")
  }

  private static func specialTokens(of configuration: JSONValue) -> JSONObject {
    var out: JSONObject = [:]
    for (key, value) in configuration.object ?? [:] {
      let name = key.description
      guard name.hasSuffix("_token"), let text = value.text ?? value["content"]?.text else {
        continue
      }
      out[name] = .string(JSONString(text))
    }
    return out
  }

  // MARK: Renderers

  /// The renderer of the template. Its options are the template's variables, the date and the stop.
  func entry(named name: String) -> RendererRegistry.Entry {
    let own = ["messages", "tools", "documents", "add_generation_prompt"]
    var keys = template.variableNames.filter { !own.contains($0) }
    keys += ["date", "stop"].filter { !keys.contains($0) }
    return RendererRegistry.Entry(
      names: [name], options: keys.map { RendererOption($0, .anyValue) }
    ) { setup throws(RenderingError) in try TemplateFamily(self, setup) }
  }
}
