/// The plots of what an audit counts, as SVG and bars that follow the colours of the page.
struct AuditPlots {
  let statistics: AuditStatistics

  /// A bar of a plot.
  private struct Bar {
    let label: String
    let count: Int
    var isBad = false
  }

  func append(to out: inout String) {
    guard statistics.examples > 0 else { return }
    out += "<div class=\"plots\">\n"
    let bars = Self.bars(of: statistics.lengths)
    let lengths = statistics.lengths
    append(
      bars, title: "Examples by length",
      remark: "tokens of an example; half have up to \(HTML.grouped(lengths.percentile(0.5))), "
        + "99 % up to \(HTML.grouped(lengths.percentile(0.99))), the longest "
        + HTML.grouped(lengths.longest), unit: "tokens", to: &out)
    let shares = statistics.lossShares.enumerated().map { index, count in
      Bar(
        label: index == 0 ? "none" : index == 1 ? "to 10 %" : "to \(index * 10) %", count: count,
        isBad: index == 0)
    }
    append(
      shares, title: "Examples by loss share", remark: "how much of an example is trained",
      unit: "trained", to: &out)
    out += "</div>\n"
    appendRoles(to: &out)
    appendTruncations(to: &out)
  }

  // MARK: Bars

  /// Quarters of powers of two, from the shortest to the longest.
  private static func bars(of lengths: LengthCounts) -> [Bar] {
    var counts: [Int: Int] = [:]
    for (upTo, count) in lengths.filledBuckets { counts[quarter(of: upTo), default: 0] += count }
    guard let first = counts.keys.min(), let last = counts.keys.max() else { return [] }
    return (first...last).map { index in
      let low = index == first ? 0 : upperBound(of: index - 1) + 1
      let high = min(upperBound(of: index), max(lengths.longest, low))
      let label = low >= high ? HTML.grouped(high) : "\(HTML.grouped(low))–\(HTML.grouped(high))"
      return Bar(label: label, count: counts[index] ?? 0)
    }
  }

  private static func quarter(of length: Int) -> Int {
    if length < 8 { return length }
    let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount
    return 8 + (exponent - 3) * 4 + (length >> (exponent - 2)) - 4
  }

  private static func upperBound(of index: Int) -> Int {
    if index < 8 { return index }
    let (power, step) = (index - 8).quotientAndRemainder(dividingBy: 4)
    return (4 + step + 1) << (power + 1) - 1
  }

  private func append(
    _ bars: [Bar], title: String, remark: String, unit: String, to out: inout String
  ) {
    let most = bars.map(\.count).max() ?? 0
    guard most > 0 else { return }
    let step = 600.0 / Double(bars.count)
    out += """
      <figure>
      <figcaption><b>\(title)</b> <span>\(remark)</span></figcaption>
      <svg viewBox="0 0 600 176" role="img" aria-label="\(title)">

      """
    for (index, bar) in bars.enumerated() {
      // What is there is seen, however little it is beside the rest.
      let height = bar.count == 0 ? 0 : max(1.5, 150 * Double(bar.count) / Double(most))
      let x = Double(index) * step
      out += """
        <g\(bar.isBad && bar.count > 0 ? " class=\"bad\"" : "")>\
        <title>\(bar.label) \(unit): \(HTML.grouped(bar.count))</title>\
        <rect class="area" x="\(Self.number(x))" y="0" width="\(Self.number(step))" height="152"/>\
        <rect class="bar" x="\(Self.number(x + step * 0.08))" y="\(Self.number(152 - height))" \
        width="\(Self.number(step * 0.84))" height="\(Self.number(height))" rx="1.5"/></g>

        """
    }
    out += "<line x1=\"0\" x2=\"600\" y1=\"152\" y2=\"152\"/>\n"
    for index in Self.labelled(bars.count) {
      let x = (Double(index) + 0.5) * step
      let anchor = index == 0 ? "start" : index == bars.count - 1 ? "end" : "middle"
      let place = index == 0 ? 0 : index == bars.count - 1 ? 600 : x
      out +=
        "<text x=\"\(Self.number(place))\" y=\"170\" text-anchor=\"\(anchor)\">"
        + "\(bars[index].label)</text>\n"
    }
    out += "</svg>\n</figure>\n"
  }

  /// Five bars at most have a label, so that labels do not meet.
  private static func labelled(_ count: Int) -> [Int] {
    if count <= 5 { return Array(0..<count) }
    return (0..<5).map { $0 * (count - 1) / 4 }
  }

  /// A number with one digit behind the point.
  private static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }

  // MARK: Roles and lengths

  private func appendRoles(to out: inout String) {
    let most = statistics.byRole.values.map(\.tokens).max() ?? 0
    guard most > 0 else { return }
    out += """
      <table class="shares"><caption>Tokens by role</caption>
      <thead><tr><th>role</th><th class="n">tokens</th><th class="n">trained</th><th></th></tr></thead>
      <tbody>

      """
    for (role, share) in statistics.byRole.sorted(by: {
      ($1.value.tokens, $0.key) < ($0.value.tokens, $1.key)
    }) {
      let whole = Self.number(100 * Double(share.tokens) / Double(most))
      let trained = Self.number(100 * Double(share.trained) / Double(max(share.tokens, 1)))
      out += """
        <tr><th scope="row">\(HTML.text(role))</th><td class="n">\(HTML.grouped(share.tokens))</td>\
        <td class="n">\(HTML.grouped(share.trained))</td>\
        <td class="track"><span style="width:\(whole)%"><i style="width:\(trained)%"></i></span></td></tr>

        """
    }
    out += "</tbody></table>\n"
  }

  private func appendTruncations(to out: inout String) {
    if statistics.truncations.isEmpty { return }
    out += """
      <table class="shares"><caption>What a limit would cut</caption>
      <thead><tr><th class="n">limit</th><th class="n">examples</th><th class="n">tokens</th>\
      <th class="n">trained tokens</th><th></th></tr></thead>
      <tbody>

      """
    for row in statistics.truncations {
      let lost = Self.number(100 * Double(row.trained) / Double(max(statistics.total.trained, 1)))
      out += """
        <tr><th scope="row" class="n">\(HTML.grouped(row.length))</th>\
        <td class="n">\(HTML.grouped(row.examples))</td><td class="n">\(HTML.grouped(row.tokens))</td>\
        <td class="n">\(HTML.grouped(row.trained))</td>\
        <td class="track"><span class="lost" style="width:\(lost)%"></span>\(lost) % of the loss</td></tr>

        """
    }
    out += "</tbody></table>\n"
  }
}
