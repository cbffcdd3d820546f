import TinkerJSON
import TinkerTemplate

/// Renders chat templates for Scripts/compare_templates.py: a request a line, a reply a line.
///
/// A request is `{"template":…,"variables":{…},"date":…?}`, or the same without `template` for the one
/// of the line before. The reply is `{"text","generations","runs"}` in scalars, or `{"error","kind"}`.
@main enum TemplateRunner {
  static func main() {
    var template: ChatTemplate?
    while let line = readLine() {
      var writer = JSONWriter(style: JSONStyle(hasSpaces: false))
      writer.beginObject()
      do {
        let request = try JSONValue.parse(line)
        if let source = request["template"]?.text {
          template = nil
          template = try ChatTemplate(source)
        }
        let rendered = try template?.render(
          request["variables"]?.object ?? [:],
          date: request["date"]?.text.flatMap { TemplateDate($0) })
        if let rendered { write(rendered, to: &writer) }
      } catch let error as TemplateError {
        writer.key("error")
        writer.string(error.description)
        writer.key("kind")
        writer.string(error.kind.rawValue)
      } catch {
        writer.key("error")
        writer.string("\(error)")
      }
      writer.endObject()
      print(String(decoding: writer.bytes, as: UTF8.self))
    }
  }

  private static func write(_ rendered: RenderedTemplate, to writer: inout JSONWriter) {
    writer.key("text")
    writer.string(rendered.text)
    writer.key("generations")
    writer.beginArray()
    for range in rendered.generations {
      writer.beginArray()
      for place in [range.lowerBound, range.upperBound] {
        writer.integer(rendered.bytes.prefix(place).count { $0 & 0xC0 != 0x80 })
      }
      writer.endArray()
    }
    writer.endArray()
    writer.key("runs")
    writer.beginArray()
    for run in rendered.runs {
      writer.beginArray()
      writer.string(String(decoding: rendered.bytes[run.bytes], as: UTF8.self))
      if case .input(let path) = run.source { writer.string(path) } else { writer.null() }
      if let message = run.message { writer.integer(message) } else { writer.null() }
      writer.endArray()
    }
    writer.endArray()
  }
}
