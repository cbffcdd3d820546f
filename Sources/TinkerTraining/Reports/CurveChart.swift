internal import TinkerRendering

/// A curve as a drawing in a page.
struct CurveChart {
  private static let width = 520.0
  private static let height = 210.0
  private static let (left, right, top, bottom) = (56.0, 14.0, 12.0, 26.0)
  /// Curves of so few points show each.
  private static let fewPoints = 40

  let curve: Curve

  private var steps: (first: Double, last: Double) {
    let first = curve.points.first?.step ?? 0
    let last = curve.points.last?.step ?? 1
    return last > first ? (first, last) : (first - 0.5, first + 0.5)
  }

  private var values: (low: Double, high: Double) {
    let (low, high) = curve.range
    let margin = (high - low) * 0.05
    return (low - margin, high + margin)
  }

  private func x(_ step: Double) -> Double {
    let (first, last) = steps
    return Self.left + (step - first) / (last - first) * (Self.width - Self.left - Self.right)
  }

  private func y(_ value: Double) -> Double {
    let (low, high) = values
    let inner = Self.height - Self.top - Self.bottom
    return Self.top + (high - value) / (high - low) * inner
  }

  func append(to out: inout String) {
    let drawn = curve.drawn
    let last = curve.points.last?.value ?? .nan
    out += "<figure class=\"chart\"><figcaption><span>\(HTML.text(curve.name))</span>"
    out += "<output>\(Figure.text(last))</output></figcaption>\n"
    out += "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" "
    out += "aria-label=\"\(HTML.attribute(summary))\" "
    out += "data-x=\"\(drawn.map { Self.place(x($0.step)) }.joined(separator: " "))\" "
    out += "data-y=\"\(drawn.map { Self.place(y($0.value)) }.joined(separator: " "))\" "
    out +=
      "data-step=\"\(drawn.map { Figure.decimal($0.step, places: 0) }.joined(separator: " "))\" "
    out += "data-value=\"\(drawn.map { Figure.text($0.value) }.joined(separator: " "))\">\n"
    appendAxes(to: &out)
    let smoothed = curve.smoothed?.drawn
    out += path(drawn, smoothed == nil ? "line" : "line raw")
    if let smoothed { out += path(smoothed, "line") }
    if drawn.count <= Self.fewPoints {
      for point in drawn {
        out += "<circle class=\"dot\" r=\"2.5\" cx=\"\(Self.place(x(point.step)))\" "
        out += "cy=\"\(Self.place(y(point.value)))\"/>"
      }
    }
    out += "<g class=\"mark\" hidden><line y1=\"\(Self.place(Self.top))\" "
    out +=
      "y2=\"\(Self.place(Self.height - Self.bottom))\"/><circle r=\"4\"/></g>\n</svg></figure>\n"
  }

  private var summary: String {
    let (low, high) = curve.range
    let first = curve.points.first?.value ?? .nan
    return "\(curve.name): from \(Figure.text(first)) to "
      + "\(Figure.text(curve.points.last?.value ?? .nan)) in \(curve.points.count) steps, "
      + "lowest \(Figure.text(low)), highest \(Figure.text(high))"
  }

  private func appendAxes(to out: inout String) {
    out += "<g class=\"axes\">"
    for tick in Figure.ticks(from: values.low, to: values.high, about: 4) {
      let place = Self.place(y(tick))
      out += "<line x1=\"\(Self.place(Self.left))\" x2=\"\(Self.place(Self.width - Self.right))\" "
      out += "y1=\"\(place)\" y2=\"\(place)\"/>"
      out += "<text class=\"value\" x=\"\(Self.place(Self.left - 8))\" y=\"\(place)\">"
      out += "\(Figure.text(tick))</text>"
    }
    for tick in Figure.ticks(from: steps.first, to: steps.last, about: 5)
    where tick == tick.rounded() {
      out += "<text class=\"step\" x=\"\(Self.place(x(tick)))\" "
      out += "y=\"\(Self.place(Self.height - 8))\">\(Figure.decimal(tick, places: 0))</text>"
    }
    out += "</g>\n"
  }

  private func path(_ points: [Curve.Point], _ style: String) -> String {
    let places = points.map { "\(Self.place(x($0.step))) \(Self.place(y($0.value)))" }
    return "<path class=\"\(style)\" d=\"M\(places.joined(separator: "L"))\"/>\n"
  }

  /// A place in the drawing; numbers of any size stay numbers.
  private static func place(_ value: Double) -> String {
    let places = Figure.decimal(min(max(value, -1e4), 1e4), places: 1)
    return places.filter { $0 != "," }
  }
}
