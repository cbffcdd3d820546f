/// How a token is chosen from logits: temperature, then the most probable `topK`, then the shortest
/// prefix that reaches `topP`.
package struct TokenChoice: Sendable, Hashable {
  /// The divisor of the logits; 0 takes the largest.
  package var temperature: Double
  /// How many tokens are kept; 0 or less keeps all.
  package var topK: Int
  /// The probability that the kept tokens reach, in (0, 1].
  package var topP: Double

  /// A choice by its parameters.
  package init(temperature: Double = 1, topK: Int = -1, topP: Double = 1) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
  }

  /// The token with the largest logit, the lowest on a tie.
  package static func largest(_ logits: [Float]) -> Int {
    var best = 0
    for token in logits.indices where logits[token] > logits[best] { best = token }
    return best
  }

  /// The kept tokens with their probabilities, in order of tokens.
  package func kept(_ logits: [Float], _ kernel: NativeKernel) -> [(
    token: Int, probability: Double
  )] {
    let weights = kernel.weights(logits, temperature: temperature)
    guard filters(logits.count) else {
      let total = weights.reduce(0, +)
      return weights.enumerated().map { ($0.offset, $0.element / total) }
    }
    let tokens = filtered(logits, weights)
    let total = tokens.reduce(0) { $0 + weights[$1] }
    return tokens.sorted().map { ($0, weights[$0] / total) }
  }

  /// Chooses the first token in order whose cumulative probability exceeds `draw`.
  ///
  /// - Parameters:
  ///   - logits: The logits of all tokens.
  ///   - draw: A number in [0, 1).
  ///   - kernel: Makes weights of logits.
  /// - Returns: The token.
  package func token(_ logits: [Float], draw: Double, _ kernel: NativeKernel) -> Int {
    if temperature == 0 { return Self.largest(logits) }
    if filters(logits.count) {
      let kept = kept(logits, kernel)
      var cumulative = 0.0
      for (token, probability) in kept {
        cumulative += probability
        if draw < cumulative { return token }
      }
      return kept.last?.token ?? 0
    }
    let weights = kernel.weights(logits, temperature: temperature)
    let total = weights.reduce(0, +)
    var cumulative = 0.0
    for token in weights.indices {
      cumulative += weights[token] / total
      if draw < cumulative { return token }
    }
    return weights.count - 1
  }

  private func filters(_ count: Int) -> Bool { topP < 1 || (topK > 0 && topK < count) }

  /// The kept tokens, best first.
  private func filtered(_ logits: [Float], _ weights: [Double]) -> [Int] {
    let total = weights.reduce(0, +)
    var order: [Int]
    if topK > 0 && topK < logits.count {
      order = BestTokens.first(topK, of: logits)
    } else {
      // All tokens of less weight than this together miss no more than 1 − topP, so none is needed.
      let least = (1 - topP) * total / Double(logits.count)
      order = BestTokens.sorted(logits.indices.filter { weights[$0] >= least }, by: logits)
    }
    guard topP < 1 else { return order }
    let sum =
      order.count == logits.count || topK <= 0 ? total : order.reduce(0) { $0 + weights[$1] }
    var cumulative = 0.0
    for (count, token) in order.enumerated() {
      if count > 0 && cumulative >= topP { return Array(order[..<count]) }
      cumulative += weights[token] / sum
    }
    return order
  }
}

/// Tokens in order of their logits, best first, the lower token first on a tie.
package enum BestTokens {
  /// The best tokens.
  package static func first(_ count: Int, of logits: [Float]) -> [Int] {
    guard count > 0 else { return [] }
    var keys = logits.indices.map { key($0, logits[$0]) }
    if count < keys.count {
      select(count, in: &keys)
      keys.removeLast(keys.count - count)
    }
    keys.sort()
    return keys.map { Int($0 & 0xFFFF_FFFF) }
  }

  /// Tokens in order.
  static func sorted(_ tokens: [Int], by logits: [Float]) -> [Int] {
    tokens.map { key($0, logits[$0]) }.sorted().map { Int($0 & 0xFFFF_FFFF) }
  }

  /// A number that is smaller for a larger logit, then for a smaller token.
  private static func key(_ token: Int, _ logit: Float) -> UInt64 {
    let bits = (logit == 0 ? 0 : logit).bitPattern
    let ascending = bits & 0x8000_0000 != 0 ? ~bits : bits | 0x8000_0000
    return UInt64(~ascending) << 32 | UInt64(UInt32(truncatingIfNeeded: token))
  }

  /// Moves the `count` smallest keys to the front.
  private static func select(_ count: Int, in keys: inout [UInt64]) {
    var low = 0
    var high = keys.count - 1
    while low < high {
      let pivot = keys[low + (high - low) / 2]
      var left = low
      var right = high
      while left <= right {
        while keys[left] < pivot { left += 1 }
        while keys[right] > pivot { right -= 1 }
        if left <= right {
          keys.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if count - 1 <= right {
        high = right
      } else if count - 1 >= left {
        low = left
      } else {
        return
      }
    }
  }
}
