package import TinkerData

/// The result of a pass from those of its parts.
package enum MetricCombiner {
  /// Outputs one after the other, metrics by their reductions.
  package static func combine(_ outputs: [ForwardBackwardOutput]) -> ForwardBackwardOutput? {
    guard var out = outputs.first else { return nil }
    out.lossOutputs = outputs.flatMap(\.lossOutputs)
    out.metrics = metrics(outputs)
    return out
  }

  /// Each metric that every part has. The part of the name behind the colon says how; names without
  /// exactly one colon pass unchanged if there is one part, and have no meaning for several. Unknown
  /// reductions disappear.
  private static func metrics(_ outputs: [ForwardBackwardOutput]) -> [String: Double] {
    let weights = outputs.map { Double($0.lossOutputs.count) }
    var out: [String: Double] = [:]
    for name in outputs.first?.metrics.keys.sorted() ?? [] {
      let values = outputs.compactMap { $0.metrics[name] }
      let parts = name.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        if outputs.count == 1 { out[name] = values.first }
        continue
      }
      guard values.count == outputs.count, let first = values.first else { continue }
      switch parts[1] {
      case "sum": out[name] = values.reduce(0, +)
      case "min": out[name] = values.min()
      case "max": out[name] = values.max()
      case "mean": out[name] = mean(values, weights)
      case "slack": out[name] = (values.max() ?? first) - mean(values, weights)
      case "hash2":
        // Whole numbers modulo 2⁶⁴; the service sends them as doubles.
        out[name] = Double(
          values.reduce(UInt64(0)) { sum, value in
            sum &+ (Int64(exactly: value.rounded(.towardZero)).map { UInt64(bitPattern: $0) } ?? 0)
          })
      case "unique":
        out[name] = first
        for (index, value) in values.enumerated().dropFirst() { out["\(name)_\(index)"] = value }
      default: continue
      }
    }
    return out
  }

  /// The mean by numbers of outputs; the plain mean if there are none.
  private static func mean(_ values: [Double], _ weights: [Double]) -> Double {
    let total = weights.reduce(0, +)
    guard total > 0 else { return values.reduce(0, +) / Double(max(1, values.count)) }
    return zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
  }
}
