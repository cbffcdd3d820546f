import Testing
import TinkerData
import TinkerLocal

@Suite struct MatrixKernelTests {
  static let extents = [1, 7, 17, 33]

  @Test(arguments: KernelClass.available)
  func agreesWithDoubleSums(kernelClass: KernelClass) {
    let kernel = NativeKernel(kernelClass)
    var stream = RandomStream(seed: 1, name: "products")
    var worst: Float = 0
    for rows in Self.extents {
      for columns in Self.extents {
        for inner in [1, 7, 33, 300] {
          for transposed in [false, true] {
            let a =
              transposed
              ? Matrix.random(inner, rows, &stream) : Matrix.random(rows, inner, &stream)
            let b = PackedMatrix(
              packing: .random(columns, inner, &stream), transposed: true)
            let mine = Matrix.random(rows, columns, &stream)
            let theirs = Matrix(mine.values, rows: rows, columns: columns)
            for adding in [true, false] {
              kernel.multiply(into: mine, a, transposed: transposed, b, adding: adding)
              ReferenceKernel().multiply(
                into: theirs, a, transposed: transposed, b, adding: adding)
              for (x, y) in zip(mine.values, theirs.values) { worst = max(worst, abs(x - y)) }
            }
          }
        }
      }
    }
    #expect(worst < 1e-4, "sums of up to 300 products of unit size")
  }

  @Test(arguments: KernelClass.available)
  func aRowDoesNotDependOnItsCompany(kernelClass: KernelClass) {
    let kernel = NativeKernel(kernelClass)
    var stream = RandomStream(seed: 2, name: "company")
    let a = Matrix.random(33, 600, &stream)
    let b = PackedMatrix(packing: .random(600, 100, &stream), transposed: false)
    let whole = Matrix(rows: 33, columns: 100)
    kernel.multiply(into: whole, a, b)
    var differences = 0
    for rows in [1, 2, 3, 5, 6, 11, 12, 13] {
      for start in stride(from: 0, to: 33 - rows, by: rows) {
        let part = Matrix(rows: rows, columns: 52)
        kernel.multiply(into: part, a.rows(start..<start + rows), b.columns(48..<100))
        let expected = whole.rows(start..<start + rows).columns(48..<100)
        if part.values != expected.values { differences += 1 }
      }
    }
    #expect(differences == 0)
    // The sum over rows of the transposed form has the same order.
    let transposed = Matrix(rows: 600, columns: 33)
    for row in 0..<33 {
      for column in 0..<600 { transposed[column, row] = a[row, column] }
    }
    let again = Matrix(rows: 33, columns: 100)
    kernel.multiply(into: again, transposed, transposed: true, b, adding: false)
    #expect(again.values == whole.values)
  }

  @Test(.enabled(if: KernelClass.available.contains(.avx512), "this processor has no AVX-512"))
  func vectorClassesAgreeBitForBit() {
    var stream = RandomStream(seed: 3, name: "classes")
    let a = Matrix.random(29, 700, &stream)
    let b = PackedMatrix(packing: .random(700, 70, &stream), transposed: false)
    let results = [KernelClass.avx2, .avx512].map { kernelClass in
      let out = Matrix(rows: 29, columns: 70)
      NativeKernel(kernelClass).multiply(into: out, a, b)
      return out.values
    }
    #expect(results[0] == results[1])
  }

  @Test func packingKeepsEveryElement() {
    var stream = RandomStream(seed: 4, name: "packing")
    let matrix = Matrix.random(37, 53, &stream)
    let plain = PackedMatrix(packing: matrix, transposed: false)
    let turned = PackedMatrix(packing: matrix, transposed: true)
    var wrong = 0
    for row in 0..<37 {
      for column in 0..<53 {
        if plain[row, column] != matrix[row, column] { wrong += 1 }
        if turned[column, row] != matrix[row, column] { wrong += 1 }
      }
    }
    #expect(wrong == 0)
    let column = Matrix(rows: 1, columns: 37)
    column.copyRow(fromColumn: plain.column(20))
    #expect(column.values == (0..<37).map { matrix[$0, 20] })
    let part = plain.columns(16..<40).steps(5..<9)
    #expect(part[0, 0] == matrix[5, 16])
    #expect(plain.first(9).inner == 9)
  }
}
