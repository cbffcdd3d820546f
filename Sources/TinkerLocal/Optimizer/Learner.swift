package import TinkerData

/// Weights that learn: passes over data, gradients that add up, and steps.
package final class Learner {
  /// The rows that are worked on at once; more are split at datum borders.
  package static let microBatch = 8192

  /// The passes.
  package let pass: DecoderPass
  /// Values, gradients and moments.
  package let state: AdamState
  /// The gradients of the call that runs; added to the others when it has succeeded.
  private let callGradients: FloatBuffer

  /// A learner of adapters, or of all weights if there is no adapter.
  package init(_ pass: DecoderPass) {
    self.pass = pass
    guard let values = pass.adapters?.values ?? pass.weights.values else {
      preconditionFailure("frozen weights without adapters cannot learn")
    }
    state = AdamState(values)
    callGradients = FloatBuffer(count: values.count)
  }

  /// A datum ready for a pass.
  package struct Example {
    /// What the model reads.
    package let sequence: TokenSequence
    /// The tensors of the loss.
    package let inputs: LossInputs
    /// What errors call it.
    package let place: String
    /// The rows that have nothing to predict, because an image follows.
    let precedesImage: [Bool]

    /// A datum with its parts.
    package init(sequence: TokenSequence, inputs: LossInputs, place: String) {
      self.sequence = sequence
      self.inputs = inputs
      self.place = place
      precedesImage = sequence.precedesImage
    }
  }

  /// What a pass gives.
  package struct Result: Sendable {
    /// The log-probabilities of each datum's targets.
    package var logprobs: [[Float]] = []
    /// The loss.
    package var loss = 0.0
  }

  /// Computes the loss; with `learns` also its gradients, which are added to those of earlier calls.
  ///
  /// - Throws: `LocalError.numbers` that names the datum and position of a loss that is not finite, and
  ///   `CancellationError`. A call that throws adds nothing.
  package func run(_ examples: [Example], loss: Loss, learns: Bool) throws -> Result {
    if learns { callGradients.clear() }
    var result = Result()
    var start = 0
    while start < examples.count {
      var end = start
      var rows = 0
      while end < examples.count {
        rows += examples[end].sequence.tokens.count
        if end > start && rows > Self.microBatch { break }
        end += 1
      }
      try run(Array(examples[start..<end]), loss, learns: learns, into: &result)
      start = end
    }
    if learns { addCallGradients() }
    return result
  }

  private func addCallGradients() {
    let count = callGradients.count
    let block = 1 << 15
    pass.compute.pool.runRows(count, block: block, cost: count) { range, _ in
      func row(_ buffer: FloatBuffer) -> Matrix {
        Matrix(buffer, offset: range.lowerBound, rows: 1, columns: range.count, stride: 0)
      }
      pass.compute.kernel.add(row(callGradients), to: row(state.gradients))
    }
  }

  private func run(
    _ examples: [Example], _ loss: Loss, learns: Bool, into result: inout Result
  ) throws {
    let trace = try pass.forward(TokenBatch(examples.map(\.sequence)), keepsTapes: learns)
    var targets = RowTargets()
    var owner: [Int] = []
    var firsts: [Int] = []
    for (number, example) in examples.enumerated() {
      firsts.append(targets.tokens.count)
      let columns = example.inputs.columns
      for row in example.sequence.tokens.indices {
        targets.addRow(example.inputs.targets[row * columns..<(row + 1) * columns])
      }
      owner += [Int](repeating: number, count: example.inputs.targets.count)
    }
    firsts.append(targets.tokens.count)

    var ratios = [Double](repeating: 1, count: examples.count)
    var logprobs: [Float]?
    if case .gspo = loss {
      let scored = pass.logprobs(trace, targets)
      for (number, example) in examples.enumerated() {
        ratios[number] = Loss.sequenceRatio(
          example.inputs, scored[firsts[number]..<firsts[number + 1]])
      }
      logprobs = scored
    } else if !learns {
      logprobs = pass.logprobs(trace, targets)
    }

    func term(_ index: Int, _ logprob: Float) throws(LocalError) -> Loss.Term {
      let number = owner[index]
      let local = index - firsts[number]
      let row = local / examples[number].inputs.columns
      if examples[number].precedesImage[row] { return .zero }
      let term = loss.term(
        examples[number].inputs, local, logprob: logprob, sequenceRatio: ratios[number])
      guard term.loss.isFinite, Float(term.slope).isFinite else {
        throw .numbers(
          "\(examples[number].place), position \(row):"
            + " the loss is not finite (log-probability \(logprob)); nothing was added")
      }
      return term
    }
    if learns {
      let (scored, gradient) = try pass.headBackward(trace, targets, into: callGradients) {
        Float(try term($0, $1).slope)
      }
      try pass.backward(trace, from: gradient, into: callGradients)
      logprobs = scored
    }
    let scored = logprobs ?? []
    for (index, logprob) in scored.enumerated() { result.loss += try term(index, logprob).loss }
    for number in examples.indices {
      result.logprobs.append(Array(scored[firsts[number]..<firsts[number + 1]]))
    }
  }

  /// Takes a step and packs the new values.
  ///
  /// - Returns: The norm of the gradients before clipping.
  /// - Throws: As `AdamState.update`.
  package func step(_ params: AdamParams) throws(LocalError) -> Double {
    let norm = try state.update(params, pass.compute)
    if let adapters = pass.adapters { adapters.repack() } else { pass.weights.repack() }
    return norm
  }
}
