public import TinkerJSON

/// A chat template, as models carry it in `tokenizer_config.json` or `chat_template.jinja`.
///
/// It renders as `transformers` does with `apply_chat_template`, and says of every byte of the output
/// where it comes from: from which field of which message, or from which place of the template.
///
/// ```swift
/// let template = try ChatTemplate("{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}")
/// let rendered = try template.render(["messages": [["role": "user", "content": "Hi"]]])
/// print(rendered.text)  // <|user|>Hi
/// ```
///
/// A template is a value that any number of tasks may share. Nothing in it reads a clock, a file or the
/// environment, and nothing it does can trap: it is bounded by `TemplateLimits`.
public struct ChatTemplate: Sendable {
  /// The text of the template, with newlines as `\n` and without the last one.
  public let source: String
  /// The variables that the template asks for, sorted; those that it sets itself among them.
  public let variableNames: [String]
  /// Whether the template marks what the model generates, with `{% generation %}`.
  public let hasGenerationMarkers: Bool

  private let statements: [Statement]

  /// Reads a template.
  ///
  /// - Throws: `TemplateError` with line and column.
  public init(_ source: String) throws(TemplateError) {
    let (bytes, tokens) = try TemplateLexer.tokens(of: Array(source.utf8))
    var parser = TemplateParser(tokens)
    do throws(TemplateError) { statements = try parser.parse() } catch {
      throw error.located(in: bytes)
    }
    self.source = String(decoding: bytes, as: UTF8.self)
    let own = Set(["loop", "caller", "varargs", "kwargs"])
    variableNames = parser.names.subtracting(own)
      .filter { GlobalFunction(rawValue: $0) == nil }.sorted()
    hasGenerationMarkers = tokens.contains { $0.form == .name("endgeneration") }
  }

  /// Renders the variables that a template is given: `messages`, `tools`, `add_generation_prompt`, …
  ///
  /// - Parameters:
  ///   - variables: The variables by name.
  ///   - date: What `strftime_now` gives; `nil` makes a template that calls it fail.
  ///   - limits: The bounds.
  /// - Returns: The output with the places that it comes from.
  /// - Throws: `TemplateError` with line and column; of kind `raised` where the template refuses.
  public func render(
    _ variables: JSONObject, date: TemplateDate? = nil, limits: TemplateLimits = TemplateLimits()
  ) throws(TemplateError) -> RenderedTemplate {
    let bytes = Array(source.utf8)
    var table = OriginTable()
    var values: [(name: String, value: Value)] = []
    for (name, json) in variables {
      guard let value = table.variable(name, json) else {
        throw TemplateError(
          .limit,
          "the variable \(name) is nested more than \(TemplateLimits.valueDepth) deep", at: 0
        ).located(in: bytes)
      }
      values.append((name.description, value))
    }
    let interpreter = Interpreter(variables: values, table: table, date: date, limits: limits)
    do throws(TemplateError) {
      let output = try interpreter.run(statements)
      return RenderedTemplate(
        output, generations: interpreter.generations, table: table, source: bytes)
    } catch { throw error.located(in: bytes) }
  }
}
