internal import TinkerJSON
internal import TinkerRendering

/// A run as one page of HTML that needs nothing else: curves, samples, and what the run was.
public struct RunReport: Sendable {
  /// What the run is.
  public var run: RunDescription
  /// The numbers of its steps, in order.
  public var steps: [StepMetrics]
  /// Sequences to look at.
  public var samples: [RunSample]
  /// Its checkpoints.
  public var checkpoints: [CheckpointRecord]
  /// What was noted.
  public var notes: [String]
  /// How it ended; `nil` while it runs.
  public var ending: RunEnding?

  /// A report.
  public init(
    run: RunDescription, steps: [StepMetrics] = [], samples: [RunSample] = [],
    checkpoints: [CheckpointRecord] = [], notes: [String] = [], ending: RunEnding? = nil
  ) {
    self.run = run
    self.steps = steps
    self.samples = samples
    self.checkpoints = checkpoints
    self.notes = notes
    self.ending = ending
  }

  /// The whole page.
  public func html() -> String {
    var out = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(HTML.attribute(title)) · tinkerkit</title>
      <style>\(HTMLStyle.sheet)\(ReportStyle.sheet)</style>
      </head>
      <body>
      <header class="top">
      <p class="brand">tinkerkit <span>train</span></p>
      <h1>\(HTML.text(title))</h1>
      <dl class="facts">

      """
    for (name, value) in facts {
      out += "<div><dt>\(HTML.text(name))</dt><dd>\(HTML.text(value))</dd></div>\n"
    }
    out += "</dl></header>\n<main>\n"
    appendEnding(to: &out)
    for section in ReportCharts(steps).sections {
      out += "<section class=\"charts\"><h2>\(HTML.text(section.title))</h2><div class=\"grid\">\n"
      for curve in section.curves { CurveChart(curve: curve).append(to: &out) }
      out += "</div></section>\n"
    }
    appendSamples(to: &out)
    appendManifest(to: &out)
    out += "</main>\n<script>\(ReportScript.source)</script>\n</body>\n</html>\n"
    return out
  }

  private var title: String { "\(run.recipe) of \(run.baseModel)" }

  private var facts: [(name: String, value: String)] {
    let done = steps.last.map { $0.step + 1 } ?? run.firstStep
    var facts = [("steps", "\(min(done, run.totalSteps)) of \(run.totalSteps)")]
    let tokens = steps.reduce(0) { $0 + ($1["num_tokens"] ?? 0) }
    if tokens > 0 { facts.append(("tokens", Figure.decimal(tokens, places: 0))) }
    let time = steps.reduce(0) { $0 + ($1["time/total"] ?? 0) }
    if time > 0 { facts.append(("time", Figure.duration(time))) }
    for name in ["train_mean_nll", "dpo_loss", "accuracy", "env/all/reward/total", "teacher_kl"] {
      let values = steps.compactMap { $0[name] }.filter(\.isFinite)
      guard let first = values.first, let last = values.last else { continue }
      facts.append((name, "\(Figure.text(first)) → \(Figure.text(last))"))
    }
    facts.append(("checkpoints", "\(checkpoints.count)"))
    return facts
  }

  private func appendEnding(to out: inout String) {
    let sentence: String
    switch ending {
    case .finished: return
    case .interrupted(let record):
      let place = record?.statePath ?? record?.name
      sentence = "The run was interrupted" + (place.map { " and goes on from \($0)" } ?? "") + "."
    case .failed(let why): sentence = "The run failed: \(why)"
    case nil: sentence = "The run was still going when this was written."
    }
    out += "<p class=\"ending\">\(HTML.text(sentence))</p>\n"
  }

  private func appendSamples(to out: inout String) {
    guard !samples.isEmpty else { return }
    let hasAdvantages = samples.contains { $0.tokens.contains { $0.advantage != nil } }
    out += "<section class=\"samples\"><h2>Samples</h2>\n"
    out += "<fieldset class=\"colours\"><legend>Colours</legend>"
    out += "<label><input type=\"radio\" name=\"colours\" value=\"likely\" checked> "
    out += "probability: <span class=\"t p0\">certain</span><span class=\"t p2\">open</span>"
    out += "<span class=\"t p4\">surprising</span></label>"
    if hasAdvantages {
      out += "<label><input type=\"radio\" name=\"colours\" value=\"advantage\"> advantage: "
      out += "<span class=\"t down3\">worse</span><span class=\"t up3\">better</span></label>"
    }
    out += "</fieldset>\n"
    for (index, sample) in samples.enumerated().reversed() {
      SampleSection(sample: sample, index: index).append(to: &out)
    }
    out += "</section>\n"
  }

  private func appendManifest(to out: inout String) {
    out += "<section class=\"manifest\"><h2>The run</h2>\n"
    if !checkpoints.isEmpty {
      out += "<table><thead><tr><th>checkpoint</th><th>next step</th><th>to go on from</th>"
      out += "<th>to sample from</th></tr></thead><tbody>\n"
      for record in checkpoints {
        out += "<tr><td>\(HTML.text(record.name))</td><td>\(HTML.grouped(record.batch))</td>"
        out += "<td>\(HTML.text(record.statePath ?? "–"))</td>"
        out += "<td>\(HTML.text(record.samplerPath ?? "–"))</td></tr>\n"
      }
      out += "</tbody></table>\n"
    }
    out += "<table><tbody>\n"
    for (name, value) in Self.flattened(.object(run.configuration), under: "") {
      out += "<tr><th>\(HTML.text(name))</th><td>\(HTML.text(value))</td></tr>\n"
    }
    out += "</tbody></table>\n"
    if !notes.isEmpty {
      out += "<ul class=\"notes\">"
      for note in notes { out += "<li>\(HTML.text(note))</li>" }
      out += "</ul>\n"
    }
    out += "</section>\n"
  }

  /// The settings, a line for each, with the names of those above them.
  private static func flattened(
    _ value: JSONValue, under name: String
  ) -> [(name: String, value: String)] {
    guard let object = value.object, !object.isEmpty || name.isEmpty else {
      return [(name, value.text ?? value.serialized(.compact))]
    }
    return object.flatMap { key, value in
      flattened(value, under: (name.isEmpty ? "" : name + ".") + key.description)
    }
  }
}
