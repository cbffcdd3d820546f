/// A number of a run over its steps.
struct Curve: Sendable {
  /// A step with its number.
  struct Point: Sendable, Hashable {
    var step: Double
    var value: Double
  }

  /// Curves of more points are thinned for drawing.
  private static let mostPoints = 600
  /// Shorter curves are not smoothed.
  private static let fewestSmoothed = 20
  /// A mean reaches so far to either side, as a part of the curve.
  private static let smoothedParts = 30

  let name: String
  /// The points in the order of their steps; all of them are finite.
  let points: [Point]

  init(name: String, points: [Point]) {
    self.name = name
    self.points = points.filter { $0.value.isFinite }
  }

  /// The number by a name over the steps that have it.
  init(name: String, of steps: [StepMetrics]) {
    self.init(
      name: name,
      points: steps.compactMap { step in
        step[name].map { Point(step: Double(step.step), value: $0) }
      })
  }

  /// The curve with so few points that they can be drawn: the lowest and the highest of each stretch.
  var drawn: [Point] {
    guard points.count > Self.mostPoints else { return points }
    let stretch = (points.count * 2 + Self.mostPoints - 1) / Self.mostPoints
    var out: [Point] = []
    for start in stride(from: 0, to: points.count, by: stretch) {
      let part = points[start..<min(start + stretch, points.count)]
      guard let low = part.min(by: { $0.value < $1.value }),
        let high = part.max(by: { $0.value < $1.value })
      else { continue }
      out += low.step < high.step ? [low, high] : low.step > high.step ? [high, low] : [low]
    }
    return out
  }

  /// The mean around each point, or `nil` for a short curve. It neither lags behind nor moves the ends:
  /// near them fewer points are taken, as many on either side.
  var smoothed: Curve? {
    guard points.count >= Self.fewestSmoothed else { return nil }
    let reach = max(2, points.count / Self.smoothedParts)
    var sums = [0.0]
    for point in points { sums.append(sums[sums.count - 1] + point.value) }
    return Curve(
      name: name,
      points: points.indices.map { index in
        let side = min(reach, index, points.count - 1 - index)
        let sum = sums[index + side + 1] - sums[index - side]
        return Point(step: points[index].step, value: sum / Double(2 * side + 1))
      })
  }

  /// The range of the numbers, never empty.
  var range: (low: Double, high: Double) {
    let low = points.map(\.value).min() ?? 0
    let high = points.map(\.value).max() ?? 1
    guard high > low else {
      let margin = low == 0 ? 1 : abs(low) * 0.1
      return (low - margin, high + margin)
    }
    return (low, high)
  }
}
