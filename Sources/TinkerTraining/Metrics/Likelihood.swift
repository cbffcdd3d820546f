#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif
public import TinkerTokenizer

/// How well a model predicts what it is taught.
public enum Likelihood {
  /// The weighted mean of negative log-probabilities, −Σ ℓw / Σ w over a batch.
  ///
  /// - Parameters:
  ///   - logprobs: ℓ, a list for each example.
  ///   - weights: w, in the same shape.
  /// - Returns: The mean in nats; NaN without weight.
  public static func meanNLL(logprobs: [[Float]], weights: [[Float]]) -> Double {
    var (sum, weight) = (0.0, 0.0)
    for (logprobs, weights) in zip(logprobs, weights) {
      for (l, w) in zip(logprobs, weights) {
        // 0 · −∞ must not spoil the sum.
        if w != 0 { sum += Double(l) * Double(w) }
        weight += Double(w)
      }
    }
    return weight == 0 ? .nan : -sum / weight
  }

  /// Bits per byte: the loss of all counted tokens in bits, for each byte of their text. Counted are tokens
  /// with a positive weight that are not special; each run of them is decoded by itself.
  ///
  /// - Parameters:
  ///   - logprobs: A list for each example.
  ///   - weights: In the same shape; only their signs count.
  ///   - targets: The tokens, in the same shape.
  ///   - tokenizer: Who decodes them.
  /// - Returns: Bits per byte; NaN if there is no byte.
  public static func bitsPerByte(
    logprobs: [[Float]], weights: [[Float]], targets: [[UInt32]], tokenizer: Tokenizer
  ) -> Double {
    var nats = 0.0
    var bytes = 0
    for ((logprobs, weights), targets) in zip(zip(logprobs, weights), targets) {
      var run: [UInt32] = []
      for ((l, w), token) in zip(zip(logprobs, weights), targets) {
        if w > 0, !tokenizer.isSpecial(token) {
          nats -= Double(l)
          run.append(token)
        } else if !run.isEmpty {
          bytes += tokenizer.decode(run).utf8.count
          run = []
        }
      }
      if !run.isEmpty { bytes += tokenizer.decode(run).utf8.count }
    }
    return bytes == 0 ? .nan : nats / (log(2) * Double(bytes))
  }
}
