#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Where the patches of an image stand, in the order in which the preprocessor writes them: block by block
/// of merged patches, row by row inside a block.
struct VisionPlaces {
  private let grid: VisionTower.Grid
  private let places: [(row: Int, column: Int)]

  init(_ grid: VisionTower.Grid, merge: Int) {
    self.grid = grid
    var places: [(row: Int, column: Int)] = []
    for blockRow in stride(from: 0, to: grid.rows, by: merge) {
      for blockColumn in stride(from: 0, to: grid.columns, by: merge) {
        for row in blockRow..<blockRow + merge {
          for column in blockColumn..<blockColumn + merge { places.append((row, column)) }
        }
      }
    }
    self.places = places
  }

  /// Points from 0 to `last` in equal steps, in floats, from both ends as PyTorch's `linspace` makes them.
  private static func points(_ count: Int, last: Float) -> [Float] {
    guard count > 1 else { return [0] }
    let step = last / Float(count - 1)
    return (0..<count).map {
      $0 < count / 2 ? step * Float($0) : last - step * Float(count - 1 - $0)
    }
  }

  /// The position table, `[side · side, width]`, interpolated bilinearly at the patches.
  func embedding(_ table: Matrix, side: Int) -> Matrix {
    let rows = Self.points(grid.rows, last: Float(side - 1))
    let columns = Self.points(grid.columns, last: Float(side - 1))
    let out = Matrix(rows: places.count, columns: table.columns)
    for (index, place) in places.enumerated() {
      let y = rows[place.row]
      let x = columns[place.column]
      let top = Int(y)
      let left = Int(x)
      let bottom = min(top + 1, side - 1)
      let right = min(left + 1, side - 1)
      let down = y - Float(top)
      let across = x - Float(left)
      for column in 0..<table.columns {
        let upper =
          (1 - across) * table[top * side + left, column] + across
          * table[top * side + right, column]
        let lower =
          (1 - across) * table[bottom * side + left, column] + across
          * table[bottom * side + right, column]
        out[index, column] = (1 - down) * upper + down * lower
      }
    }
    return out
  }

  /// The rotation of heads: the first quarter of a head follows the row, the next the column, and so again
  /// in the second half.
  func rotation(width: Int, base: Double) -> Rotation {
    let half = width / 2
    let quarter = half / 2
    let cosine = Matrix(rows: places.count, columns: half)
    let sine = Matrix(rows: places.count, columns: half)
    for (index, place) in places.enumerated() {
      for column in 0..<half {
        let position = column < quarter ? place.row : place.column
        let exponent = Double(column % quarter) / Double(quarter)
        let angle = Double(position) * pow(base, -exponent)
        cosine[index, column] = Float(cos(angle))
        sine[index, column] = Float(sin(angle))
      }
    }
    return Rotation(cosine: cosine, sine: sine)
  }
}
