import Testing
import TinkerJSON
import TinkerTokenizer

/// Every assigned code point through every table, against check sums of the reference.
@Suite struct UnicodeSweepTests {
  private static let text: [UInt8] = {
    var scalars = String.UnicodeScalarView()
    for range in [0...0xD7FF, 0xE000...0x323FF, 0xE0000...0xE01FF] as [ClosedRange<UInt32>] {
      for scalar in range.lazy.compactMap(Unicode.Scalar.init) {
        if !scalars.isEmpty { scalars.append("\n") }
        scalars.append(scalar)
      }
    }
    return Array(String(scalars).utf8)
  }()

  @Test(arguments: SweepResults.all.indices) func agrees(_ index: Int) throws {
    let result = SweepResults.all[index]
    let json = try JSONValue.parse(result.json)
    let text: [UInt8]
    if result.part == "normalizer" {
      text = try Normalizer(json: json).normalize(Self.text.span) ?? Self.text
    } else {
      var pieces = PieceBuffer()
      try PreTokenizer(json: json).split(Self.text.span, into: &pieces)
      text = Array(pieces.ranges.map { Self.text[$0] }.joined(separator: [0x0A]))
    }
    #expect(Self.checkSum(text) == result.checkSum, "\(result.json)")
  }

  private static func checkSum(_ text: [UInt8]) -> UInt64 {
    String(decoding: text, as: UTF8.self).unicodeScalars.reduce(14_695_981_039_346_656_037) {
      ($0 ^ UInt64($1.value)) &* 1_099_511_628_211
    }
  }
}
