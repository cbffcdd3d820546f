/// Damage done to files, the same in every run with the same random numbers.
enum Mutation {
  /// A file with one to four changes: bytes, bits, numbers, cuts, repeats, parts of other files.
  static func apply(
    to file: [UInt8], among files: [[UInt8]], using random: inout TestRandom
  ) -> [UInt8] {
    var out = file
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard !out.isEmpty else { return out }
      // Headers are short, and most of what can go wrong is in them.
      let reach = Bool.random(using: &random) ? min(out.count, 700) : out.count
      let place = Int.random(in: 0..<reach, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: out[place] = UInt8.random(in: 0...255, using: &random)
      case 1: out[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: out[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
      case 3:
        out.removeSubrange(place..<min(out.count, place + Int.random(in: 1...40, using: &random)))
      case 4: out.removeSubrange(place...)
      case 5:
        let end = min(out.count, place + Int.random(in: 1...40, using: &random))
        out.insert(contentsOf: out[place..<end], at: place)
      default:
        let other = files[Int.random(in: 0..<files.count, using: &random)]
        let start = Int.random(in: 0...other.count, using: &random)
        out.insert(contentsOf: other[start..<min(other.count, start + 60)], at: place)
      }
    }
    return out
  }
}
