#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The cosines and sines of positions: angle = position · base^(−2i / head width).
package final class RotationTable {
  private let half: Int
  private let frequencies: [Double]
  /// For each frequency 0 where it follows the time, 1 the row, 2 the column.
  private let axes: [Int]
  private var cosines: [Float] = []
  private var sines: [Float] = []

  /// The table of a model.
  package init(_ configuration: ModelConfiguration) {
    let half = configuration.headWidth / 2
    self.half = half
    frequencies = (0..<half).map { pow(configuration.ropeBase, -Double($0) / Double(half)) }
    axes = (0..<half).map { index in
      guard let sections = configuration.ropeSections, sections.count == 3 else { return 0 }
      let axis = index % 3
      return axis > 0 && index < 3 * sections[axis] ? axis : 0
    }
  }

  /// The rotation of rows at positions, in the memory of an arena.
  package func rotation(of positions: [TokenPosition], in arena: Arena) -> Rotation {
    var last = 0
    for position in positions { last = max(last, position.time, position.row, position.column) }
    extend(to: last)
    let cosine = arena.matrix("cosine", rows: positions.count, columns: half)
    let sine = arena.matrix("sine", rows: positions.count, columns: half)
    for (row, position) in positions.enumerated() {
      for index in 0..<half {
        let place =
          switch axes[index] {
          case 1: position.row
          case 2: position.column
          default: position.time
          }
        cosine[row, index] = cosines[place * half + index]
        sine[row, index] = sines[place * half + index]
      }
    }
    return Rotation(cosine: cosine, sine: sine)
  }

  private func extend(to last: Int) {
    var position = cosines.count / max(half, 1)
    while position <= last {
      for frequency in frequencies {
        cosines.append(Float(cos(Double(position) * frequency)))
        sines.append(Float(sin(Double(position) * frequency)))
      }
      position += 1
    }
  }
}
