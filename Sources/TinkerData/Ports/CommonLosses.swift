#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Losses of the caller's side that are often wanted, with their analytic gradients.
///
/// Pass one to ``TrainingBackend/forwardBackwardCustom(_:loss:)``.
public enum CommonLosses {
  /// The weighted negative log-likelihood, `Σ −w·p / Σ w`: each example counts as its tokens do.
  ///
  /// Needs the input `weights`; a batch without weight has loss 0.
  public static let weightedNLL: CustomLoss = { data, logprobs in
    let weights = try data.map { try input("weights", of: $0) }
    let total = weights.joined().reduce(0) { $0 + Double($1) }
    let scale = total > 0 ? 1 / total : 0
    var loss = 0.0
    var gradient: [[Float]] = []
    for (w, p) in zip(weights, logprobs) {
      try check(w.count, p.count, "weights")
      for (w, p) in zip(w, p) { loss -= scale * Double(w) * Double(p) }
      gradient.append(w.map { Float(-scale * Double($0)) })
    }
    return CustomLossValue(loss: loss, gradient: gradient, metrics: ["nll:mean": loss])
  }

  /// Direct preference optimisation: the mean of `−log σ(β·((c − c₀) − (r − r₀)))` over pairs, where c
  /// and r are the weighted sums of the log-probabilities of the chosen and the rejected answer, and c₀
  /// and r₀ those under the reference model.
  ///
  /// Examples come in pairs, the chosen one first. Needs the inputs `weights` and `reference_logprobs`.
  ///
  /// - Parameter beta: The strength of the tie to the reference; positive.
  /// - Returns: The loss, which reports accuracy, margin and rewards.
  public static func dpo(beta: Double) -> CustomLoss {
    { data, logprobs in
      guard data.count == logprobs.count, data.count.isMultiple(of: 2), !data.isEmpty else {
        throw DataError.unexpected("pairs of a chosen and a rejected example", at: "dpo")
      }
      let weights = try data.map { try input("weights", of: $0) }
      var rewards: [Double] = []
      for (index, datum) in data.enumerated() {
        let reference = try input("reference_logprobs", of: datum)
        try check(weights[index].count, logprobs[index].count, "weights")
        try check(reference.count, logprobs[index].count, "reference_logprobs")
        var sum = 0.0
        for position in reference.indices {
          sum +=
            Double(weights[index][position])
            * Double(logprobs[index][position] - reference[position])
        }
        rewards.append(beta * sum)
      }
      let pairs = Double(data.count / 2)
      var loss = 0.0
      var (correct, margin) = (0.0, 0.0)
      var gradient: [[Float]] = []
      for chosen in stride(from: 0, to: data.count, by: 2) {
        let difference = rewards[chosen] - rewards[chosen + 1]
        loss += softplus(-difference) / pairs
        margin += difference / pairs
        correct += difference > 0 ? 1 / pairs : 0
        let slope = -beta * sigmoid(-difference) / pairs
        gradient.append(weights[chosen].map { Float(slope * Double($0)) })
        gradient.append(weights[chosen + 1].map { Float(-slope * Double($0)) })
      }
      let chosen = stride(from: 0, to: rewards.count, by: 2).reduce(0) { $0 + rewards[$1] }
      let rejected = stride(from: 1, to: rewards.count, by: 2).reduce(0) { $0 + rewards[$1] }
      return CustomLossValue(
        loss: loss, gradient: gradient,
        metrics: [
          "dpo_loss": loss, "accuracy": correct, "margin": margin,
          "chosen_reward": chosen / pairs, "rejected_reward": rejected / pairs,
        ])
    }
  }

  /// The importance-sampled policy gradient with a penalty for leaving a reference model:
  /// `Σ −exp(p − q)·A + β·(exp(p₀ − p) − (p₀ − p) − 1)`. The penalty is an estimate of the divergence
  /// that is never negative.
  ///
  /// Needs the inputs `logprobs` (q, under the sampler), `advantages` (A) and `reference_logprobs` (p₀).
  /// Positions whose advantage is 0 still feel the penalty, unless `mask` is 0 there; `mask` is optional.
  ///
  /// - Parameter beta: The weight of the penalty.
  /// - Returns: The loss, which reports the mean penalty.
  public static func klRegularizedPolicyGradient(beta: Double) -> CustomLoss {
    { data, logprobs in
      var loss = 0.0
      var (divergence, count) = (0.0, 0.0)
      var gradient: [[Float]] = []
      for (datum, p) in zip(data, logprobs) {
        let q = try input("logprobs", of: datum)
        let advantages = try input("advantages", of: datum)
        let reference = try input("reference_logprobs", of: datum)
        let mask = datum.lossInput(named: "mask")?.dense.floats
        try check(q.count, p.count, "logprobs")
        try check(advantages.count, p.count, "advantages")
        try check(reference.count, p.count, "reference_logprobs")
        if let mask { try check(mask.count, p.count, "mask") }
        var slopes: [Float] = []
        for index in p.indices {
          let weight = Double(mask?[index] ?? 1)
          let ratio = exp(Double(p[index]) - Double(q[index]))
          let gap = Double(reference[index]) - Double(p[index])
          let penalty = exp(gap) - gap - 1
          loss += weight * (beta * penalty - ratio * Double(advantages[index]))
          divergence += weight * penalty
          count += weight
          slopes.append(
            Float(weight * (beta * (1 - exp(gap)) - ratio * Double(advantages[index]))))
        }
        gradient.append(slopes)
      }
      return CustomLossValue(
        loss: loss, gradient: gradient,
        metrics: ["kl_reference:mean": count > 0 ? divergence / count : 0])
    }
  }

  private static func input(_ name: String, of datum: Datum) throws(DataError) -> [Float] {
    guard let tensor = datum.lossInput(named: name) else {
      throw .unexpected("the input \(name)", at: "custom loss")
    }
    return tensor.dense.floats
  }

  private static func check(_ have: Int, _ want: Int, _ name: String) throws(DataError) {
    guard have == want else {
      throw .unexpected("\(want) values of \(name), not \(have)", at: "custom loss")
    }
  }

  /// `1 / (1 + exp(−x))`, without overflow.
  private static func sigmoid(_ x: Double) -> Double {
    x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
  }

  /// `log(1 + exp(x))`, without overflow.
  private static func softplus(_ x: Double) -> Double {
    max(x, 0) + log1p(exp(-abs(x)))
  }
}
