package import TinkerData

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A loss with its settings, as the engine computes it. Losses are sums over positions and datums.
package enum Loss: Sendable, Hashable {
  /// −w·ℓ.
  case crossEntropy
  /// −ρ·A with ρ = exp(ℓ − q).
  case importanceSampling
  /// −min(ρA, clip(ρ)A).
  case ppo(low: Double, high: Double)
  /// −clip(ρ)·ℓ·A; the ratio carries no gradient.
  case cispo(low: Double, high: Double)
  /// −(ℓA − ½β(ℓ − q)²).
  case dro(beta: Double)
  /// −min(sA, clip(s)A) with one ratio s for the whole datum.
  case gspo(low: Double, high: Double)

  /// Reads a loss by name and settings.
  ///
  /// - Throws: `LocalError.request` for a name or a setting that the engine does not know.
  package init(_ function: LossFunction) throws(LocalError) {
    func number(_ name: String, _ absent: Double?) throws(LocalError) -> Double {
      guard let value = function.number(name) ?? absent else {
        throw .request("\(function.name) needs the setting \(name)")
      }
      guard value.isFinite else { throw .request("the setting \(name) is not finite") }
      return value
    }
    func refuseAllBut(_ known: [String]) throws(LocalError) {
      for setting in function.settings where !known.contains(setting.name) {
        throw .request(
          "\(function.name) has no setting \(setting.name)"
            + (known.isEmpty ? "" : "; it has \(known.joined(separator: ", "))"))
      }
    }
    let low = "clip_low_threshold"
    let high = "clip_high_threshold"
    switch function.name {
    case "cross_entropy":
      try refuseAllBut([])
      self = .crossEntropy
    case "importance_sampling":
      try refuseAllBut([])
      self = .importanceSampling
    case "ppo":
      try refuseAllBut([low, high])
      self = .ppo(low: try number(low, 0.8), high: try number(high, 1.2))
    case "cispo":
      try refuseAllBut([low, high])
      self = .cispo(low: try number(low, 0), high: try number(high, 4))
    case "dro":
      try refuseAllBut(["beta"])
      self = .dro(beta: try number("beta", nil))
    case "gspo":
      try refuseAllBut([low, high])
      self = .gspo(low: try number(low, 0.8), high: try number(high, 1.2))
    case "stable_reinforce", "custom":
      throw .request(
        "the embedded engine has no loss \(function.name);"
          + " importance_sampling, ppo and cispo stand closest")
    default:
      throw .request(
        "\(function.name) is not a loss; the engine has cross_entropy, importance_sampling, ppo,"
          + " cispo, dro and gspo")
    }
  }

  /// The name on the wire.
  package var name: String {
    switch self {
    case .crossEntropy: "cross_entropy"
    case .importanceSampling: "importance_sampling"
    case .ppo: "ppo"
    case .cispo: "cispo"
    case .dro: "dro"
    case .gspo: "gspo"
    }
  }

  /// The value of one target and its derivative by the target's log-probability.
  package struct Term: Sendable, Hashable {
    /// What the target adds to the loss.
    package var loss: Double
    /// The derivative.
    package var slope: Double

    /// Nothing.
    package static let zero = Term(loss: 0, slope: 0)
  }

  /// The term of one target.
  ///
  /// - Parameters:
  ///   - datum: The datum's inputs.
  ///   - index: The target's place in them.
  ///   - logprob: Its log-probability ℓ.
  ///   - sequenceRatio: s, for `gspo`; see ``sequenceRatio(_:_:)``.
  /// - Returns: The value and the derivative; neither need be finite.
  package func term(
    _ datum: LossInputs, _ index: Int, logprob: Float, sequenceRatio: Double
  ) -> Term {
    let l = Double(logprob)
    if self == .crossEntropy {
      let w = Double(datum.weights[index])
      return w == 0 ? .zero : Term(loss: -w * l, slope: -w)
    }
    let a = Double(datum.advantages[index])
    let q = Double(datum.logprobs[index])
    if case .dro(let beta) = self {
      let gap = l - q
      return Term(loss: -(l * a - 0.5 * beta * gap * gap), slope: -a + beta * gap)
    }
    // A position without advantage adds nothing, even where its ratio overflows.
    if a == 0 { return .zero }
    switch self {
    case .importanceSampling:
      let value = -exp(l - q) * a
      return Term(loss: value, slope: value)
    case .ppo(let low, let high): return clipped(exp(l - q), a, low, high)
    case .gspo(let low, let high): return clipped(sequenceRatio, a, low, high)
    case .cispo(let low, let high):
      let ratio = clip(exp(l - q), low, high)
      return Term(loss: -ratio * l * a, slope: -ratio * a)
    case .crossEntropy, .dro: return .zero
    }
  }

  private func clipped(_ ratio: Double, _ a: Double, _ low: Double, _ high: Double) -> Term {
    let free = ratio * a
    let bound = clip(ratio, low, high) * a
    return free <= bound ? Term(loss: -free, slope: -free) : Term(loss: -bound, slope: 0)
  }

  private func clip(_ value: Double, _ low: Double, _ high: Double) -> Double {
    min(max(value, low), high)
  }

  /// exp of the mean of ℓ − q over the datum's mask.
  package static func sequenceRatio(_ datum: LossInputs, _ logprobs: ArraySlice<Float>) -> Double {
    var sum = 0.0
    var count = 0
    for (index, logprob) in logprobs.enumerated() where datum.sequenceRatioMask[index] != 0 {
      sum += Double(logprob) - Double(datum.logprobs[index])
      count += 1
    }
    return exp(sum / Double(count))
  }
}
