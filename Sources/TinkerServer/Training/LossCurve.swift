/// The mean loss of a model by steps, thinned out as it grows.
struct LossCurve: Sendable {
  struct Point: Sendable {
    let step: Int
    let loss: Double
  }

  private static let maximum = 1024
  private(set) var points: [Point] = []
  private var sum = 0.0
  private var weight = 0.0
  private var stride = 1

  /// Adds the loss of a pass with the sum of its weights.
  mutating func add(loss: Double, weight: Double) {
    guard loss.isFinite, weight > 0 else { return }
    sum += loss
    self.weight += weight
  }

  /// Ends a step, which has the mean of the losses since the last one.
  mutating func endStep(_ step: Int) {
    defer { (sum, weight) = (0, 0) }
    guard weight > 0, step % stride == 0 else { return }
    points.append(Point(step: step, loss: sum / weight))
    guard points.count > Self.maximum else { return }
    stride *= 2
    points.removeAll { $0.step % stride != 0 }
  }

  /// The sum of what counts in the loss of a pass: weights, or else advantages that are not 0.
  static func weight(of data: some Sequence<[Float]>) -> Double {
    data.reduce(0) { $0 + $1.reduce(0) { $0 + Double($1) } }
  }
}
