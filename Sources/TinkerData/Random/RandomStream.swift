/// Random numbers that are equal on every platform: SplitMix64, one stream for each (seed, name).
package struct RandomStream: Sendable {
  private var state: UInt64

  /// The stream of a name under a seed.
  package init(seed: UInt64, name: String) {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
    state = seed ^ hash
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in [0, 1), a multiple of 2⁻⁵³.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number of nearly normal distribution: the sum of twelve 16-bit integers, centred. No function of
  /// the C library takes part.
  package mutating func gauss() -> Double {
    var sum: UInt64 = 0
    for _ in 0..<3 {
      let bits = next()
      for lane in 0..<4 { sum += (bits >> (16 * UInt64(lane))) & 0xFFFF }
    }
    return (Double(sum) - 393210) / 65536
  }

  /// A seed from the system.
  package static func systemSeed() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
