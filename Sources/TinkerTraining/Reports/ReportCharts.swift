/// Which numbers of a run are drawn, and under which heading.
struct ReportCharts {
  /// A heading with its curves.
  struct Section: Sendable {
    var title: String
    var curves: [Curve]
  }

  /// Numbers that say where the run is, and not how it goes.
  private static let places = ["epoch", "progress", "progress/batch", "progress/done_frac"]

  /// The headings in order, without empty ones; the last holds what belongs nowhere else.
  let sections: [Section]

  init(_ steps: [StepMetrics]) {
    var names: [String] = []
    var seen: Set<String> = []
    for step in steps {
      for metric in step.metrics where seen.insert(metric.name).inserted {
        names.append(metric.name)
      }
    }
    let titles = ["Loss", "Reward", "KL and entropy", "Throughput", "Other numbers"]
    var sections = titles.map { Section(title: $0, curves: []) }
    if let speed = Self.tokensPerSecond(steps) { sections[3].curves.append(speed) }
    for name in names where !Self.places.contains(name) {
      let curve = Curve(name: name, of: steps)
      guard !curve.points.isEmpty else { continue }
      sections[Self.section(of: name)].curves.append(curve)
    }
    self.sections = sections.filter { !$0.curves.isEmpty }
  }

  private static func section(of name: String) -> Int {
    let plain = name.lowercased()
    func has(_ parts: String...) -> Bool { parts.contains { plain.contains($0) } }
    if has("kl_", "kl:", "entropy", "/kl") { return 2 }
    if plain.hasPrefix("time/") || has("per_second") { return 3 }
    if has("reward", "accuracy", "correct", "margin") { return 1 }
    if has("nll", "bpb", "loss"), !has("num_") { return 0 }
    return 4
  }

  private static func tokensPerSecond(_ steps: [StepMetrics]) -> Curve? {
    let points = steps.compactMap { step -> Curve.Point? in
      guard let tokens = step["num_tokens"], let time = step["time/total"], time > 0 else {
        return nil
      }
      return Curve.Point(step: Double(step.step), value: tokens / time)
    }
    return points.isEmpty ? nil : Curve(name: "tokens per second", points: points)
  }
}
