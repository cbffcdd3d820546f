/// How far two sets of log-probabilities of the same tokens are apart.
public struct PolicyDivergence: Sendable, Hashable {
  /// The mean of d = old − new over the model's own tokens: an estimate of the divergence.
  public var v1: Double
  /// ½ · the mean of d²: another, which is never negative.
  public var v2: Double
  /// The mean of |d|.
  public var meanGap: Double
  /// The largest |d|.
  public var largestGap: Double
  /// −the mean of old: an estimate of the entropy.
  public var entropy: Double

  /// Compares log-probabilities, a list for each example; positions whose mask is 0 do not count.
  ///
  /// - Returns: `nil` if no position counts.
  public init?(old: [[Float]], new: [[Float]], mask: [[Float]]) {
    var count = 0
    var (sum, squares, gaps, largest, entropy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for ((old, new), mask) in zip(zip(old, new), mask) {
      for ((q, p), m) in zip(zip(old, new), mask) where m > 0 {
        let d = Double(q) - Double(p)
        count += 1
        sum += d
        squares += d * d
        gaps += abs(d)
        largest = max(largest, abs(d))
        entropy -= Double(q)
      }
    }
    guard count > 0 else { return nil }
    v1 = sum / Double(count)
    v2 = squares / Double(count) / 2
    meanGap = gaps / Double(count)
    largestGap = largest
    self.entropy = entropy / Double(count)
  }

  /// The divergence between sampler and trainer under the reference's names, and the gap by token.
  var sampleTrainMetrics: [String: Double] {
    [
      "optim/kl_sample_train_v1": v1, "optim/kl_sample_train_v2": v2, "optim/entropy": entropy,
      "optim/sample_train_gap_mean": meanGap, "optim/sample_train_gap_max": largestGap,
    ]
  }

  /// The divergence between the samplers before and after a step under the reference's names.
  var prePostMetrics: [String: Double] { ["kl_pre_post_v1": v1, "kl_pre_post_v2": v2] }
}
