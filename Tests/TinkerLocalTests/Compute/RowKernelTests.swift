import Foundation
import Testing
import TinkerData
import TinkerLocal

/// Each row kernel against its formula in double, and each gradient against differences of the formula.
@Suite struct RowKernelTests {
  /// A function of some numbers, and its gradient by differences.
  static func gradient(_ x: [Double], _ function: ([Double]) -> Double) -> [Double] {
    x.indices.map { index in
      var up = x
      var down = x
      up[index] += 1e-5
      down[index] -= 1e-5
      return (function(up) - function(down)) / 2e-5
    }
  }

  static func close(_ mine: [Float], _ theirs: [Double], _ tolerance: Double = 2e-5) -> Bool {
    let size = max(1, theirs.map { abs($0) }.max() ?? 1)
    return mine.count == theirs.count
      && zip(mine, theirs).allSatisfy { abs(Double($0) - $1) <= tolerance * size }
  }

  static func doubles(_ matrix: Matrix) -> [Double] { matrix.values.map(Double.init) }

  @Test(arguments: KernelClass.available, [1, 7, 17, 33])
  func rootMeanSquareNorm(kernelClass: KernelClass, width: Int) {
    let kernel = NativeKernel(kernelClass)
    var stream = RandomStream(seed: 5, name: "rms")
    let x = Matrix.random(3, width, &stream)
    let w = Matrix.random(1, width, &stream)
    let g = Matrix.random(3, width, &stream)
    let out = Matrix(rows: 3, columns: width)
    let scales = Matrix(rows: 3, columns: 1)
    kernel.rms(out, x, weight: w, scales: scales, eps: 1e-6)
    func formula(_ x: [Double], _ w: [Double]) -> [Double] {
      let s = 1 / (x.reduce(0) { $0 + $1 * $1 } / Double(width) + 1e-6).squareRoot()
      return zip(x, w).map { $0 * $1 * s }
    }
    let dx = Matrix(rows: 3, columns: width)
    let dw = Matrix(rows: 1, columns: width)
    kernel.rmsBackward(addingTo: dx, g, x, weight: w, scales: scales)
    kernel.rmsWeight(addingTo: dw, g, x, scales: scales)
    var expectedW = [Double](repeating: 0, count: width)
    for row in 0..<3 {
      let xs = Self.doubles(x.rows(row..<row + 1))
      let gs = Self.doubles(g.rows(row..<row + 1))
      let ws = Self.doubles(w)
      func loss(_ x: [Double], _ w: [Double]) -> Double {
        zip(formula(x, w), gs).reduce(0) { $0 + $1.0 * $1.1 }
      }
      #expect(Self.close(out.rows(row..<row + 1).values, formula(xs, ws)))
      #expect(Self.close(dx.rows(row..<row + 1).values, Self.gradient(xs) { loss($0, ws) }))
      for (index, value) in Self.gradient(ws, { loss(xs, $0) }).enumerated() {
        expectedW[index] += value
      }
    }
    #expect(Self.close(dw.values, expectedW))
  }

  @Test(arguments: KernelClass.available, [2, 6, 16, 34])
  func normedRotation(kernelClass: KernelClass, width: Int) {
    let kernel = NativeKernel(kernelClass)
    var stream = RandomStream(seed: 6, name: "rope")
    let half = width / 2
    let x = Matrix.random(2, 3 * width, &stream)
    let w = Matrix.random(1, width, &stream)
    let g = Matrix.random(2, 3 * width, &stream)
    let cosine = Matrix(rows: 2, columns: half)
    let sine = Matrix(rows: 2, columns: half)
    for row in 0..<2 {
      for column in 0..<half {
        let angle = stream.gauss()
        cosine[row, column] = Float(cos(angle))
        sine[row, column] = Float(sin(angle))
      }
    }
    let rotation = Rotation(cosine: cosine, sine: sine)
    let out = Matrix(rows: 2, columns: 3 * width)
    let scales = Matrix(rows: 2, columns: 3)
    kernel.rope(out, x, weight: w, scales: scales, rotation: rotation, eps: 1e-6)
    let dx = Matrix(rows: 2, columns: 3 * width)
    let turned = Matrix(g.values, rows: 2, columns: 3 * width)
    kernel.ropeBackward(dx, turned, x, weight: w, scales: scales, rotation: rotation)
    for row in 0..<2 {
      for head in 0..<3 {
        let columns = head * width..<(head + 1) * width
        func formula(_ x: [Double]) -> [Double] {
          let s = 1 / (x.reduce(0) { $0 + $1 * $1 } / Double(width) + 1e-6).squareRoot()
          let n = x.enumerated().map { $0.element * s * Double(w[0, $0.offset]) }
          return (0..<width).map { i in
            let c = Double(cosine[row, i % half])
            let s = Double(sine[row, i % half])
            return i < half ? n[i] * c - n[i + half] * s : n[i] * c + n[i - half] * s
          }
        }
        let part = { (m: Matrix) in Self.doubles(m.rows(row..<row + 1).columns(columns)) }
        #expect(
          Self.close(out.rows(row..<row + 1).columns(columns).values, formula(part(x))))
        let expected = Self.gradient(part(x)) {
          zip(formula($0), part(g)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(Self.close(dx.rows(row..<row + 1).columns(columns).values, expected))
      }
    }
  }

  @Test(arguments: KernelClass.available, [1, 7, 17, 33])
  func gatedUnit(kernelClass: KernelClass, width: Int) {
    let kernel = NativeKernel(kernelClass)
    var stream = RandomStream(seed: 7, name: "silu")
    let x = Matrix.random(2, 2 * width, &stream)
    for column in 0..<2 * width { x[1, column] *= 30 }  // far out, where exp overflows
    let g = Matrix.random(2, width, &stream)
    let out = Matrix(rows: 2, columns: width)
    let dx = Matrix(rows: 2, columns: 2 * width)
    kernel.silu(out, x)
    kernel.siluBackward(dx, g, x)
    for row in 0..<2 {
      func formula(_ x: [Double]) -> [Double] {
        (0..<width).map { x[$0] / (1 + exp(-x[$0])) * x[$0 + width] }
      }
      let xs = Self.doubles(x.rows(row..<row + 1))
      let gs = Self.doubles(g.rows(row..<row + 1))
      #expect(Self.close(out.rows(row..<row + 1).values, formula(xs)))
      let expected = Self.gradient(xs) {
        zip(formula($0), gs).reduce(0) { $0 + $1.0 * $1.1 }
      }
      #expect(Self.close(dx.rows(row..<row + 1).values, expected))
    }
  }

  @Test(arguments: KernelClass.available, [1, 7, 17, 33])
  func causalSoftmax(kernelClass: KernelClass, first: Int) {
    let kernel = NativeKernel(kernelClass)
    var stream = RandomStream(seed: 8, name: "softmax")
    let rows = 3
    let width = first + rows - 1
    let scores = Matrix.random(rows, width, &stream)
    let g = Matrix.random(rows, width, &stream)
    let p = Matrix(scores.values, rows: rows, columns: width)
    let sums = Matrix(rows: rows, columns: 1)
    let logSums = Matrix(rows: rows, columns: 1)
    kernel.causalSoftmax(p, sums: sums, logSums: logSums, first: first, scale: 0.5)
    let again = Matrix(scores.values, rows: rows, columns: width)
    let d = Matrix(g.values, rows: rows, columns: width)
    let dots = Matrix(rows: rows, columns: 1)
    func softmax(_ x: [Double]) -> [Double] {
      let weights = x.map { exp(0.5 * $0) }
      let total = weights.reduce(0, +)
      return weights.map { $0 / total }
    }
    for row in 0..<rows {
      let count = first + row
      let expected = softmax(Array(Self.doubles(scores.rows(row..<row + 1))[..<count]))
      let mine = p.rows(row..<row + 1).values.map { $0 / sums[row, 0] }
      #expect(Self.close(Array(mine[..<count]), expected))
      #expect(mine[count...].allSatisfy { $0 == 0 })
      let gs = Self.doubles(g.rows(row..<row + 1))
      dots[row, 0] = Float(zip(expected, gs).reduce(0) { $0 + $1.0 * $1.1 })
    }
    kernel.causalBackward(again, d, logSums: logSums, dots: dots, first: first, scale: 0.5)
    for row in 0..<rows {
      let count = first + row
      let gs = Self.doubles(g.rows(row..<row + 1))
      let xs = Array(Self.doubles(scores.rows(row..<row + 1))[..<count])
      let expected = Self.gradient(xs) {
        zip(softmax($0), gs).reduce(0) { $0 + $1.0 * $1.1 }
      }
      #expect(Self.close(Array(d.rows(row..<row + 1).values[..<count]), expected))
      #expect(d.rows(row..<row + 1).values[count...].allSatisfy { $0 == 0 })
      #expect(Self.close(Array(again.rows(row..<row + 1).values[..<count]), softmax(xs)))
    }
  }

  @Test(arguments: KernelClass.available, [1, 16, 33, 100])
  func logSumsAndTheirGradient(kernelClass: KernelClass, width: Int) {
    let kernel = NativeKernel(kernelClass)
    var stream = RandomStream(seed: 9, name: "head")
    let x = Matrix.random(2, width, &stream)
    for column in 0..<width { x[1, column] = x[1, column] * 40 + 1000 }
    let logSums = Matrix(rows: 2, columns: 1)
    let largest = Matrix(rows: 2, columns: 1)
    kernel.logSumExp(x, logSums: logSums, largest: largest)
    for row in 0..<2 {
      let xs = Self.doubles(x.rows(row..<row + 1))
      let top = xs.max() ?? 0
      let expected = top + log(xs.reduce(0) { $0 + exp($1 - top) })
      #expect(abs(Double(logSums[row, 0]) - expected) < 1e-6 * max(1, abs(expected)))
      #expect(Double(largest[row, 0]) == top)
      let line = Matrix(x.rows(row..<row + 1).values, rows: 1, columns: width)
      kernel.softmaxGradient(line, logSum: logSums[row, 0], factor: -2)
      // A log-sum near 1000 has a spacing of 6e-5, so its exponential is that far off.
      #expect(
        Self.close(line.values, xs.map { -2 * exp($0 - expected) }, row == 0 ? 2e-6 : 2e-4))
    }
  }

  @Test(arguments: KernelClass.available)
  func layerNormAndSums(kernelClass: KernelClass) {
    let kernel = NativeKernel(kernelClass)
    var stream = RandomStream(seed: 10, name: "layer norm")
    for width in [1, 7, 33] {
      let x = Matrix.random(2, width, &stream)
      let w = Matrix.random(1, width, &stream)
      let b = Matrix.random(1, width, &stream)
      let out = Matrix(rows: 2, columns: width)
      kernel.layerNorm(out, x, weight: w, bias: b, eps: 1e-6)
      let dots = Matrix(rows: 2, columns: 1)
      kernel.rowDots(dots, x, out)
      for row in 0..<2 {
        let xs = Self.doubles(x.rows(row..<row + 1))
        let mean = xs.reduce(0, +) / Double(width)
        let variance = xs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        let expected = xs.enumerated().map {
          ($0.element - mean) / (variance + 1e-6).squareRoot() * Double(w[0, $0.offset])
            + Double(b[0, $0.offset])
        }
        #expect(Self.close(out.rows(row..<row + 1).values, expected))
        let dot = zip(xs, out.rows(row..<row + 1).values).reduce(0) { $0 + $1.0 * Double($1.1) }
        #expect(abs(Double(dots[row, 0]) - dot) < 1e-4)
      }
    }
  }

  @Test(arguments: KernelClass.available)
  func doubleWeights(kernelClass: KernelClass) {
    let logits: [Float] = [3, -2, 2.5, -100, -701, -900, 0, 1e-3, 2.999_999_8]
    for temperature in [1, 0.3, 2.5] {
      let mine = NativeKernel(kernelClass).weights(logits, temperature: temperature)
      for (weight, logit) in zip(mine, logits) {
        let y = (Double(logit) - 3) / temperature
        let expected = y < -708 ? 0 : exp(y)
        #expect(abs(weight - expected) <= 2e-15 * expected, "\(y)")
      }
    }
  }

  @Test func gaussianErrorUnits() {
    let values = stride(from: Float(-6), through: 6, by: 0.37).map { $0 }
    let exact = Matrix(values, rows: 1, columns: values.count)
    let near = Matrix(values, rows: 1, columns: values.count)
    exact.applyGELU()
    near.applyTanhGELU()
    for (index, x) in values.map(Double.init).enumerated() {
      #expect(abs(Double(exact[0, index]) - 0.5 * x * (1 + erf(x / 2.0.squareRoot()))) < 1e-6)
      let inner = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
      #expect(abs(Double(near[0, index]) - 0.5 * x * (1 + tanh(inner))) < 1e-6)
    }
  }

  @Test func widening() {
    let float = FloatBuffer(count: 2)
    float.fill(from: ([0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC1] as [UInt8]).span, stored: .float32)
    #expect(float.values == [1, -10])
    let bfloat = FloatBuffer(count: 2)
    bfloat.fill(from: ([0x80, 0x3F, 0x20, 0xC1] as [UInt8]).span, stored: .bfloat16)
    #expect(bfloat.values == [1, -10])
    // 1, −2, the smallest subnormal, the largest number, infinity, −0
    let halves: [UInt16] = [0x3C00, 0xC000, 0x0001, 0x7BFF, 0x7C00, 0x8000]
    let half = FloatBuffer(count: 6)
    let bytes = halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    half.fill(from: bytes.span, stored: .float16)
    #expect(half.values == [1, -2, 0x1p-24, 65504, .infinity, 0])
    #expect(half[5].sign == .minus)
  }
}
