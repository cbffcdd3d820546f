import Testing
import TinkerRendering

@Suite struct RowPackingTests {
  /// Lengths as conversations have them: most are short, a few nearly fill a row.
  private static func lengths(_ count: Int, _ random: inout SplitMix, longest: Int) -> [Int] {
    (0..<count).map { _ in
      let share = Double.random(in: 0...1, using: &random)
      return max(1, Int(Double(longest) * share * share * share))
    }
  }

  private static func firstFit(_ lengths: [Int], capacity: Int) -> Int {
    var rooms: [Int] = []
    for length in lengths {
      if let row = rooms.firstIndex(where: { $0 >= length }) {
        rooms[row] -= length
      } else {
        rooms.append(capacity - length)
      }
    }
    return rooms.count
  }

  /// The same by looking at every row each time.
  private static func plainBestFit(_ lengths: [Int], capacity: Int) -> Int {
    var rooms: [Int] = []
    for length in lengths.sorted(by: >) {
      let fitting = rooms.indices.filter { rooms[$0] >= length }
      if let row = fitting.min(by: { rooms[$0] < rooms[$1] }) {
        rooms[row] -= length
      } else {
        rooms.append(capacity - length)
      }
    }
    return rooms.count
  }

  @Test(arguments: [1, 2, 63, 64, 65, 100, 512])
  func everyExampleHasOnePlace(capacity: Int) {
    var random = SplitMix(seed: UInt64(capacity))
    let lengths = Self.lengths(800, &random, longest: capacity)
    let rows = RowPacking.bestFitDecreasing(lengths, capacity: capacity)
    #expect(rows.flatMap(\.self).sorted() == Array(lengths.indices))
    #expect(rows.allSatisfy { $0.reduce(0) { $0 + lengths[$1] } <= capacity })
    #expect(rows.allSatisfy { $0 == $0.sorted() })
    #expect(rows.compactMap(\.first) == rows.compactMap(\.first).sorted())
    #expect(rows.count == Self.plainBestFit(lengths, capacity: capacity))
    #expect(rows.count <= Self.firstFit(lengths, capacity: capacity))
  }

  @Test func oddLengths() {
    #expect(RowPacking.bestFitDecreasing([], capacity: 8) == [])
    #expect(RowPacking.bestFitDecreasing([9, 3, 0], capacity: 8) == [[0], [1, 2]])
    #expect(RowPacking.bestFitDecreasing([4, 5, 4, 3], capacity: 8) == [[0, 2], [1, 3]])
    #expect(RowPacking.bestFitDecreasing([1], capacity: 0) == [[0]])
  }

  @Test func windowsAndAccounting() {
    var packer = ExamplePacker(capacity: 10, windowTokens: 20)
    var rows: [[PackedExample]] = []
    func example(_ length: Int) -> PackedExample {
      let segment = Segment(range: 0..<length, message: 0, kind: .content, weight: 1)
      return PackedExample(
        SupervisedExample(
          tokens: Array(repeating: 7, count: length), segments: [segment]))
    }
    for length in [6, 3, 4, 7, 2] { rows += packer.add(example(length)) }
    #expect(rows.map { $0.map(\.example.tokens.count) } == [[6, 4], [3, 7]])
    rows += packer.finish()
    #expect(rows.count == 3)
    #expect(packer.rowCount == 3)
    #expect(packer.tokenCount == 22)
    #expect(packer.paddingCount == 8)
    #expect(packer.finish().isEmpty)
  }
}
