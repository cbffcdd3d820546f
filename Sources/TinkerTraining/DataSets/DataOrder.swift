internal import TinkerData

/// The order in which a run sees its data: one permutation after the other, cut into batches. It depends on
/// the seed, the count and the step alone, so a run that goes on sees what it would have seen.
public struct DataOrder: Sendable, Hashable {
  /// The number of elements.
  public let count: Int
  /// The elements of a batch.
  public let batchSize: Int
  /// The seed; `nil` keeps the order of the data.
  public let seed: UInt64?

  /// An order of elements.
  ///
  /// - Throws: ``TrainingError`` if there is nothing to order or a batch is empty.
  public init(count: Int, batchSize: Int, seed: UInt64?) throws(TrainingError) {
    guard count > 0 else { throw .data(place: "data", "there is no example to train on") }
    guard batchSize > 0 else {
      throw .setting(name: "batch_size", "must be at least 1, not \(batchSize)")
    }
    self.count = count
    self.batchSize = batchSize
    self.seed = seed
  }

  /// The steps of a number of passes over the data; the last batch may be smaller.
  public func steps(epochs: Int) -> Int {
    (count * max(0, epochs) + batchSize - 1) / batchSize
  }

  /// How long a run is that is given in passes, one if nothing is given, or in steps.
  ///
  /// - Returns: The steps, and the number of elements over all passes.
  func extent(epochs: Int?, steps: Int?) throws(TrainingError) -> (steps: Int, end: Int) {
    if epochs != nil, steps != nil {
      throw .setting(name: "epochs", "has no effect where the steps are given")
    }
    for (name, value) in [("epochs", epochs), ("steps", steps)] {
      if let value, value < 1 { throw .setting(name: name, "must be at least 1, not \(value)") }
    }
    if let steps { return (steps, steps * batchSize) }
    return (self.steps(epochs: epochs ?? 1), count * (epochs ?? 1))
  }

  /// The pass in which a step begins.
  public func epoch(of step: Int) -> Int { step * batchSize / count }

  /// The indices of a batch.
  ///
  /// - Parameters:
  ///   - step: The step, counted from 0.
  ///   - end: The number of elements, over all passes, after which the run ends; `nil` for no end.
  /// - Returns: As many indices as a batch has, fewer at the end.
  public func indices(step: Int, end: Int? = nil) -> [Int] {
    var out: [Int] = []
    var position = step * batchSize
    let last = min(position + batchSize, end ?? .max)
    while position < last {
      let epoch = position / count
      let order = permutation(epoch)
      let part = min(last, (epoch + 1) * count) - position
      out += order[(position % count)..<(position % count + part)]
      position += part
    }
    return out
  }

  private func permutation(_ epoch: Int) -> [Int] {
    var order = Array(0..<count)
    guard let seed else { return order }
    var stream = RandomStream(seed: seed, name: "order:\(epoch)")
    for last in order.indices.dropFirst().reversed() {
      // Multiplication keeps the draw within the range, with a bias below count / 2⁶⁴.
      let draw = Int(stream.next().multipliedFullWidth(by: UInt64(last + 1)).high)
      order.swapAt(last, draw)
    }
    return order
  }
}
