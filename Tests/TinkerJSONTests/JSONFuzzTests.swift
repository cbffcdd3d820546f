import Testing
import TinkerJSON

/// Random damage to texts: nothing traps, and whatever is read is written back and read the same.
@Suite struct JSONFuzzTests {
  /// Texts that failed once, or that are likely to.
  static let corpus: [String] = [
    #"{"a":[1,-0.5e-7,"\ud83d\ude00\u00e9é"],"b":{"c":null,"d":[true,false]}}"#,
    #"[NaN,-Infinity,123456789012345678901234567890,"\\\"\n\u0000"]"#,
    #"{"":"","\ud800":["日本","\u2028"]}"#,
  ]

  @Test func damagedTextsNeverTrap() {
    var random = SplitMix(state: 11)
    for round in 0..<30_000 {
      var bytes = Array(Self.corpus[round % Self.corpus.count].utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 2: bytes.replaceSubrange(place..., with: Array(Self.corpus[0].utf8))
        default: bytes.removeSubrange(place..<min(place + 3, bytes.count))
        }
        if bytes.isEmpty { bytes = [0x5B] }
      }
      guard let value = try? JSONValue.parse(bytes) else { continue }
      for style in [JSONStyle.python, .compact] {
        let text = value.serialized(style)
        // NaN is unlike itself, so texts are compared.
        guard let again = try? JSONValue.parse(text), again.serialized(style) == text else {
          Issue.record("\(bytes) reads as \(text), which does not read back")
          return
        }
      }
    }
  }
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
