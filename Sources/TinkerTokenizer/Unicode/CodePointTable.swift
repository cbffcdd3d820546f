/// A small number for every code point, in two steps: the block of 64 that a code point lies in, then
/// the place in the block. Equal blocks of one value are kept once.
///
/// The first step has a row for every value of 21 bits, so that whatever four bytes decode to has one.
struct CodePointTable: Sendable {
  static let blockBits: UInt32 = 6
  private static let blockSize = 1 << blockBits
  private static let rowCount = 1 << (21 - blockBits)

  /// For every block of code points, where its values begin, divided by the block size.
  private(set) var rows: [UInt16]
  private(set) var values: [UInt8]

  /// For every value, the row in which all values are that one; negative if there is none yet.
  private var uniformRows: [Int16]

  /// A table in which every code point has the value 0.
  init() {
    rows = [UInt16](repeating: 0, count: Self.rowCount)
    values = [UInt8](repeating: 0, count: Self.blockSize)
    uniformRows = [Int16](repeating: -1, count: 256)
    uniformRows[0] = 0
  }

  /// A table from a generated list of run lengths and values.
  init(runs: StaticString) {
    self.init()
    var numbers = PackedNumbers(runs)
    var start: UInt32 = 0
    while let length = numbers.next(), let value = numbers.next() {
      set(start..<(start + length), to: UInt8(truncatingIfNeeded: value))
      start += length
    }
  }

  /// The value of a code point below 2^21.
  subscript(codePoint: UInt32) -> UInt8 {
    let row = Int(rows[Int(codePoint >> Self.blockBits)])
    return values[row << Int(Self.blockBits) | Int(codePoint & UInt32(Self.blockSize - 1))]
  }

  /// Gives code points a value. Each may be given one only once.
  mutating func set(_ range: Range<UInt32>, to value: UInt8) {
    var position = range.lowerBound
    while position < range.upperBound {
      let block = position >> Self.blockBits
      let blockEnd = (block + 1) << Self.blockBits
      if position == block << Self.blockBits, blockEnd <= range.upperBound {
        rows[Int(block)] = uniformRow(value)
      } else if value != 0 {
        let row = ownRow(Int(block))
        for codePoint in position..<min(blockEnd, range.upperBound) {
          values[row + Int(codePoint & UInt32(Self.blockSize - 1))] = value
        }
      }
      position = min(blockEnd, range.upperBound)
    }
  }

  /// A table that has another one's value above the lower bits of each. Nothing can be set in it.
  func combined(with other: CodePointTable, shift: UInt8) -> CodePointTable {
    var result = self
    var known: [UInt32: UInt16] = [:]
    for row in rows.indices where other.rows[row] != 0 {
      let pair = UInt32(rows[row]) << 16 | UInt32(other.rows[row])
      if let place = known[pair] {
        result.rows[row] = place
        continue
      }
      let place = UInt16(truncatingIfNeeded: result.values.count / Self.blockSize)
      known[pair] = place
      result.rows[row] = place
      let own = Int(rows[row]) * Self.blockSize
      let others = Int(other.rows[row]) * Self.blockSize
      for index in 0..<Self.blockSize {
        result.values.append(values[own + index] | other.values[others + index] << shift)
      }
    }
    return result
  }

  /// Where the values of a block that is not shared begin.
  private mutating func ownRow(_ block: Int) -> Int {
    if rows[block] == 0 {
      rows[block] = UInt16(truncatingIfNeeded: values.count / Self.blockSize)
      values.append(contentsOf: repeatElement(0, count: Self.blockSize))
    }
    return Int(rows[block]) * Self.blockSize
  }

  private mutating func uniformRow(_ value: UInt8) -> UInt16 {
    if uniformRows[Int(value)] < 0 {
      uniformRows[Int(value)] = Int16(truncatingIfNeeded: values.count / Self.blockSize)
      values.append(contentsOf: repeatElement(value, count: Self.blockSize))
    }
    return UInt16(truncatingIfNeeded: uniformRows[Int(value)])
  }
}
