import TinkerData
import TinkerLocal

/// Products summed in double, the obvious way: what the fast kernels are held against.
struct ReferenceKernel: MatrixKernel {
  let name = "reference"

  func multiply(
    into out: Matrix, _ a: Matrix, transposed: Bool, _ b: PackedMatrix, adding: Bool
  ) {
    for row in 0..<out.rows {
      for column in 0..<out.columns {
        var sum = adding ? Double(out[row, column]) : 0
        for step in 0..<b.inner {
          let left = transposed ? a[step, row] : a[row, step]
          sum += Double(left) * Double(b[step, column])
        }
        out[row, column] = Float(sum)
      }
    }
  }
}

extension Matrix {
  /// A matrix of numbers around zero.
  static func random(_ rows: Int, _ columns: Int, _ stream: inout RandomStream) -> Matrix {
    let out = Matrix(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns { out[row, column] = Float(stream.gauss()) }
    }
    return out
  }
}
