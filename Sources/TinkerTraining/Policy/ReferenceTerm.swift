public import TinkerData

/// A second model that the advantages take account of.
public struct ReferenceTerm: Sendable {
  /// How it does that. With d = sampled − reference log-probability of a token that the model wrote:
  public enum Kind: String, Sendable, Hashable {
    /// The model should stay near the reference: advantage += coefficient · (mean d − d).
    case penalty
    /// The model should become the reference, its teacher: advantage −= coefficient · d.
    case teacher
  }

  /// How it is used.
  public var kind: Kind
  /// Who scores the tokens.
  public var sampler: any SamplingBackend
  /// The weight of the term.
  public var coefficient: Double
  /// γ of a discounted sum over the future; 0, the default, takes each token for itself.
  public var discount: Double

  /// A term.
  public init(
    _ kind: Kind, _ sampler: any SamplingBackend, coefficient: Double = 1, discount: Double = 0
  ) {
    self.kind = kind
    self.sampler = sampler
    self.coefficient = coefficient
    self.discount = discount
  }

  /// The metric of the mean d, by the reference's names.
  var metricName: String {
    switch kind {
    case .penalty: "kl_policy_base"
    case .teacher: "teacher_kl"
    }
  }

  /// Changes the advantages of examples.
  ///
  /// - Parameters:
  ///   - kind: How the reference is used.
  ///   - coefficient: The weight of the term.
  ///   - discount: γ of the sum over the future; 0 for none.
  ///   - data: Examples with `logprobs`, `advantages` and `mask`.
  ///   - scores: The reference's log-probabilities of the targets, a list for each example.
  /// - Returns: The mean of d.
  public static func apply(
    _ kind: Kind, coefficient: Double, discount: Double, to data: inout [Datum], scores: [[Float]]
  ) -> Double {
    var differences: [[Double]] = []
    var (sum, count) = (0.0, 0.0)
    for (datum, scores) in zip(data, scores) {
      let mask = datum.floats("mask")
      var row: [Double] = []
      for ((q, p), m) in zip(zip(datum.floats("logprobs"), scores), mask) {
        let d = m == 0 ? 0 : (Double(q) - Double(p)) * Double(m)
        row.append(d)
        sum += d
        count += Double(m)
      }
      differences.append(row)
    }
    let mean = count == 0 ? 0 : sum / count
    for index in data.indices {
      let mask = data[index].floats("mask")
      var terms = zip(differences[index], mask).map { d, m in
        switch kind {
        case .penalty: coefficient * Double(m) * (mean - d)
        case .teacher: -coefficient * Double(m) * d
        }
      }
      if discount > 0 {
        for position in terms.indices.dropLast().reversed() {
          terms[position] += discount * terms[position + 1]
        }
      }
      let advantages = zip(data[index].floats("advantages"), terms).map { Float(Double($0) + $1) }
      data[index].setInput("advantages", to: advantages)
    }
    return mean
  }

  /// Scores the whole sequences of examples, and changes their advantages.
  ///
  /// - Returns: The mean of d.
  func apply(to data: inout [Datum]) async throws -> Double {
    let scores = try await sampler.scores(of: data)
    return Self.apply(
      kind, coefficient: coefficient, discount: discount, to: &data, scores: scores)
  }
}

extension SamplingBackend {
  /// The log-probabilities of the targets of examples, each example as one prompt; requests overlap. What
  /// the backend does not score, such as images, is 0.
  func scores(of data: [Datum]) async throws -> [[Float]] {
    try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for (index, datum) in data.enumerated() {
        group.addTask {
          let scores = try await computeLogprobs(datum.fullInput)
          return (index, scores.dropFirst().map { $0 ?? 0 })
        }
      }
      var out = [[Float]](repeating: [], count: data.count)
      for try await (index, scores) in group { out[index] = scores }
      return out
    }
  }
}

extension Datum {
  /// Replaces an input, or adds it.
  mutating func setInput(_ name: String, to values: [Float]) {
    let input = LossInput(name: name, tensor: TensorData(values))
    if let index = lossInputs.firstIndex(where: { $0.name == name }) {
      lossInputs[index] = input
    } else {
      lossInputs.append(input)
    }
  }
}
