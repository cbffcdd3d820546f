internal import TinkerData

extension Datum {
  /// The floats of an input; empty if it is not there.
  func floats(_ name: String) -> [Float] { lossInput(named: name)?.dense.floats ?? [] }

  /// The weights of the loss; empty if there are none.
  var weights: [Float] { floats("weights") }

  /// The tokens that are predicted; empty if there are none.
  var targets: [UInt32] {
    guard case .integers(let values)? = lossInput(named: "target_tokens")?.dense.elements else {
      return []
    }
    return values.map { UInt32(clamping: $0) }
  }

  /// The sequence before the shift: the input with the last target.
  var fullInput: ModelInput {
    guard let last = targets.last else { return modelInput }
    var out = modelInput
    out.append([last])
    return out
  }
}

extension ModelInput {
  /// Goes on with tokens, in the last run of tokens if there is one.
  mutating func append(_ tokens: [UInt32]) {
    if tokens.isEmpty { return }
    if case .tokens(let last)? = chunks.last {
      chunks[chunks.count - 1] = .tokens(last + tokens)
    } else {
      chunks.append(.tokens(tokens))
    }
  }
}

extension ForwardBackwardOutput {
  /// The log-probabilities of each datum's targets.
  ///
  /// - Throws: ``TrainingError/backend(_:)`` if the backend left some out.
  func logprobs(of data: [Datum]) throws(TrainingError) -> [[Float]] {
    guard lossOutputs.count == data.count else {
      throw .backend("\(data.count) outputs were expected, and \(lossOutputs.count) came")
    }
    var out: [[Float]] = []
    for (index, (output, datum)) in zip(lossOutputs, data).enumerated() {
      guard let logprobs = output.logprobs?.dense.floats, logprobs.count == datum.targets.count
      else { throw .backend("the log-probabilities of datum \(index) are missing") }
      out.append(logprobs)
    }
    return out
  }
}
