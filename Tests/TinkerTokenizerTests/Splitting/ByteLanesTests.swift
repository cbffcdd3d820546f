import Testing
import TinkerTokenizer

/// The lanes that this build uses against plain comparisons, and against plain arithmetic.
struct ByteLanesTests {
  @Test func everyByteAtEveryPlace() {
    var random = SplitMix(state: 15)
    var bytes = [UInt8](repeating: 0, count: 64)
    for round in 0..<256 {
      for place in bytes.indices {
        bytes[place] = round < 64 ? UInt8(truncatingIfNeeded: round * 4 + place) : random.nextByte()
      }
      let expected = Masks { test in
        bytes.indices.reduce(UInt64(0)) { $0 | (test(bytes[$1]) ? 1 << UInt64($1) : 0) }
      }
      unsafe bytes.withUnsafeBytes { raw in
        guard let base = raw.baseAddress else { return }
        #expect(unsafe Masks(FastLanes(base)) == expected)
        #expect(unsafe Masks(WordLanes(base)) == expected)
      }
    }
  }
}

private struct Masks: Equatable {
  var range: UInt64
  var controls: UInt64
  var one: UInt64
  var letters: UInt64
  var wide: UInt64

  init(_ lanes: some ByteLanes) {
    range = lanes.mask(of: 0x30...0x39)
    controls = lanes.mask(of: 0x00...0x1F)
    one = lanes.mask(of: 0x7F)
    letters = lanes.letters
    wide = lanes.wide
  }

  init(_ gather: ((UInt8) -> Bool) -> UInt64) {
    range = gather { 0x30...0x39 ~= $0 }
    controls = gather { $0 < 0x20 }
    one = gather { $0 == 0x7F }
    letters = gather { 0x61...0x7A ~= $0 | 0x20 }
    wide = gather { $0 >= 0x80 }
  }
}

extension SplitMix {
  fileprivate mutating func nextByte() -> UInt8 { UInt8(truncatingIfNeeded: next() >> 40) }
}
