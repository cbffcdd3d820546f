import Testing
import TinkerJSON
import TinkerTemplate

/// Errors with their places, and bounds.
@Suite struct TemplateErrorTests {
  private static func error(
    _ source: String, _ variables: JSONObject = [:], limits: TemplateLimits = TemplateLimits()
  ) -> TemplateError? {
    do throws(TemplateError) {
      _ = try ChatTemplate(source).render(variables, limits: limits)
      return nil
    } catch { return error }
  }

  @Test(arguments: [
    ("ok\n{% if x %}", 2, 11, TemplateError.Kind.syntax), ("{{ é }}\n {{ 'a }}", 2, 5, .syntax),
    ("a\n\n{{ raise_exception('no') }}", 3, 19, .raised), ("{{ 1 + 'a' }}", 1, 8, .runtime),
    ("{{ x.y.z }}", 1, 5, .runtime), ("{{ [].append(1) }}", 1, 13, .security),
    ("{% include 'x' %}", 1, 4, .unsupported), ("{{ 'x'|xmlattr }}", 1, 8, .unsupported),
    ("{{ strftime_now('%Y') }}", 1, 16, .unsupported),
  ])
  func places(source: String, line: Int, column: Int, kind: TemplateError.Kind) throws {
    let error = try #require(Self.error(source))
    #expect((error.line, error.column) == (line, column), "\(error)")
    #expect(error.kind == kind)
  }

  @Test func raisedMessageIsTheTemplates() {
    #expect(
      Self.error("{{ raise_exception('roles must alternate') }}")?.message == "roles must alternate"
    )
  }

  @Test(arguments: [
    "{{ " + String(repeating: "(", count: 5000) + "1", "{{ " + String(repeating: "[", count: 5000),
    String(repeating: "{% if 1 %}", count: 5000),
    "{{ " + String(repeating: "-", count: 5000) + "1 }}",
    "{{ " + String(repeating: "not ", count: 3) + String(repeating: "(", count: 200) + "1 }}",
    "{{ 1 " + String(repeating: "if 1 ", count: 5000) + "}}",
    "{{ 1 " + String(repeating: "is number ", count: 5000) + "}}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set ns = namespace(x=1) %}{% for i in range(400) %}{% set ns.x = [ns.x] %}{% endfor %}",
    "{% set ns = namespace(x='ab') %}{% for i in range(90) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{{ 'x' * 999999999999 }}", "{{ [0] * 999999999999 }}", "{{ 'a'.center(99999999999) }}",
    "{{ range(99999999999) }}", "{{ '%999999999999d' % 1 }}", "{{ 9999999999 ** 9 }}",
    "{{ 'aaaaaaaaaa'.replace('a', 'b' * 50000000) }}", "{{ [1]|tojson(indent=999999999999) }}",
  ])
  func bounds(source: String) throws {
    let error = try #require(
      Self.error(source, limits: TemplateLimits(steps: 300_000, textBytes: 1 << 20)))
    #expect(error.kind == .limit || error.kind == .syntax, "\(error)")
  }

  @Test func deepInputIsRefused() {
    var value: JSONValue = 1
    for _ in 0..<500 { value = [value] }
    #expect(Self.error("x", ["messages": value])?.kind == .limit)
  }

  @Test func longChainsRun() throws {
    let sum = (0..<3000).map { _ in "1" }.joined(separator: " + ")
    let text = (0..<3000).map { _ in "'a'" }.joined(separator: " ~ ")
    let links = "x" + String(repeating: "|upper", count: 3000)
    #expect(try ChatTemplate("{{ \(sum) }}").render([:]).text == "3000")
    #expect(try ChatTemplate("{{ \(text) }}").render([:]).text.utf8.count == 3000)
    #expect(try ChatTemplate("{{ \(links) }}").render(["x": "q"]).text == "Q")
  }

  @Test func whatHoldsItselfIsLetGo() throws {
    let source = """
      {% set ns = namespace() %}{% set ns.me = ns %}{% for i in range(3000) %}\
      {% set last = ns.m %}{% macro m() %}{{ last }}{% endmacro %}{% set ns.m = m %}{% endfor %}done
      """
    #expect(try ChatTemplate(source).render([:]).text == "done")
  }

  @Test(arguments: [
    ("2026-07-01", true), ("2024-02-29", true), ("2026-02-29", false), ("2026-7-1", false),
    ("2026-07-01T23:59:59", true), ("2026-07-01T24:00:00", false), ("", false),
    ("9999-12-31", true), ("0000-01-01", false), ("2026-07-01T", false),
  ])
  func dates(text: String, isDate: Bool) {
    #expect((TemplateDate(text) != nil) == isDate)
  }
}
