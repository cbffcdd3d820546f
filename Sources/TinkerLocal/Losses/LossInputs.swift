package import TinkerData

/// The tensors of one datum, checked against its length.
package struct LossInputs: Sendable {
  /// The targets, row by row.
  package var targets: [Int] = []
  /// The targets of one position: the columns of `target_tokens`.
  package var columns = 1
  /// The shape of `target_tokens`, which the outputs have too.
  package var shape: [Int] = []
  /// `weights`, where the loss takes them.
  package var weights: [Float] = []
  /// `logprobs`, where the loss takes them.
  package var logprobs: [Float] = []
  /// `advantages`, where the loss takes them.
  package var advantages: [Float] = []
  /// `sequence_ratio_mask`, where the loss takes it.
  package var sequenceRatioMask: [Float] = []

  /// Reads the tensors that a loss takes from a datum.
  ///
  /// - Parameters:
  ///   - datum: The datum.
  ///   - loss: The loss.
  ///   - length: The number of positions of the datum's input.
  ///   - vocabulary: Targets are below this number.
  ///   - place: What errors call the datum.
  /// - Throws: `LocalError.request` that names what is missing, of the wrong length or out of range.
  package init(
    _ datum: Datum, loss: Loss, length: Int, vocabulary: Int, place: String
  ) throws(LocalError) {
    for name in ["clip_low_threshold", "clip_high_threshold"]
    where datum.lossInput(named: name) != nil {
      throw .request("\(place): \(name) for each token is not supported; give it in the settings")
    }
    guard let tensor = datum.lossInput(named: "target_tokens")?.dense else {
      throw .request("\(place): target_tokens is missing")
    }
    guard case .integers(let ids) = tensor.elements else {
      throw .request("\(place): target_tokens are floats; integers are needed")
    }
    let isWide = tensor.shape.count == 2
    if isWide && loss != .crossEntropy && loss != .importanceSampling {
      throw .request("\(place): \(loss.name) takes one target a position, not \(tensor.shape)")
    }
    columns = isWide ? tensor.shape[1] : 1
    let expected = isWide ? [length, columns] : [length]
    guard tensor.shape == expected, ids.count == length * columns else {
      throw .request(
        "\(place): target_tokens has the shape \(tensor.shape), but the input has \(length) positions"
      )
    }
    shape = tensor.shape
    targets.reserveCapacity(ids.count)
    for id in ids {
      guard id >= 0, id < vocabulary else {
        throw .request("\(place): target \(id) is no token of a vocabulary of \(vocabulary)")
      }
      targets.append(Int(id))
    }
    let count = ids.count
    let shape = tensor.shape
    func floats(_ name: String) throws(LocalError) -> [Float] {
      guard let tensor = datum.lossInput(named: name)?.dense else {
        throw .request("\(place): \(loss.name) needs \(name)")
      }
      let values: [Float] =
        switch tensor.elements {
        case .floats(let values): values
        case .integers(let values): values.map { Float($0) }
        }
      guard values.count == count, tensor.shape == shape else {
        throw .request(
          "\(place): \(name) has the shape \(tensor.shape), but target_tokens has \(shape)")
      }
      return values
    }
    if loss == .crossEntropy {
      weights = try floats("weights")
      return
    }
    logprobs = try floats("logprobs")
    advantages = try floats("advantages")
    if case .gspo = loss {
      sequenceRatioMask = try floats("sequence_ratio_mask")
      guard sequenceRatioMask.contains(where: { $0 != 0 }) else {
        throw .request("\(place): sequence_ratio_mask is zero everywhere")
      }
    }
  }
}
