internal import CTinkerKernels

/// The two passes of resampling over rows of 8-bit RGB.
///
/// Every sum is an exact integer, so the order of the additions is free, and the portable loops below and
/// the vectors in `CTinkerKernels` give the same bytes.
package enum ResamplingKernel {
  /// Whether this processor has the vectors that `CTinkerKernels` is written for.
  package static let hasVectors = tk_image_has_avx2()

  /// Along a row: `table.outputCount` pixels of `output` from `table.inputCount` pixels of `input`, both
  /// padded as in `RowStore`.
  package static func resampleRow(
    _ input: Span<UInt8>, to output: inout MutableSpan<UInt8>, table: WeightTable
  ) {
    precondition(
      input.count >= table.inputCount * 3 + RowStore.padding
        && output.count >= table.outputCount * 3 + RowStore.padding)
    #if arch(x86_64)
      if hasVectors {
        // Bounds: the padding covers what whole vectors touch after the last pixel; see tk_image.h.
        return unsafe input.withUnsafeBufferPointer { input in
          unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe table.withWeights(from: 0) { weights in
              unsafe tk_image_resample_row(
                input.baseAddress, output.baseAddress, table.outputCount, table.first, table.taps,
                table.stride, weights)
            }
          }
        }
      }
    #endif
    resampleRowPortably(input, to: &output, table: table)
  }

  /// Across rows: `byteCount` bytes of `output` from the rows that the table gives for `row`.
  package static func resampleColumns(
    _ rows: RowStore, row: Int, to output: inout MutableSpan<UInt8>, byteCount: Int,
    table: WeightTable
  ) {
    let range = table.range(of: row)
    precondition(
      output.count >= byteCount + RowStore.padding && rows.capacity >= range.count
        && rows.stride >= byteCount + RowStore.padding)
    #if arch(x86_64)
      if hasVectors {
        // Bounds: the ring has a row for each tap, and the padding covers the last vector.
        return unsafe rows.span.withUnsafeBufferPointer { memory in
          unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe table.withWeights(from: row * table.stride) { weights in
              unsafe tk_image_resample_columns(
                memory.baseAddress, rows.stride, rows.capacity, range.lowerBound % rows.capacity,
                range.count, weights, output.baseAddress, byteCount)
            }
          }
        }
      }
    #endif
    resampleColumnsPortably(rows, row: row, to: &output, byteCount: byteCount, table: table)
  }

  package static func resampleRowPortably(
    _ input: Span<UInt8>, to output: inout MutableSpan<UInt8>, table: WeightTable
  ) {
    let half = Int32(1) << Int32(table.bits - 1)
    let shift = Int32(table.bits)
    for pixel in 0..<table.outputCount {
      var red = half
      var green = half
      var blue = half
      var at = Int(table.first[pixel]) * 3
      let row = pixel * table.stride
      for tap in 0..<Int(table.taps[pixel]) {
        let weight = table.weights[row + tap]
        red &+= weight &* Int32(input[at])
        green &+= weight &* Int32(input[at + 1])
        blue &+= weight &* Int32(input[at + 2])
        at += 3
      }
      output[pixel * 3] = clamp(red >> shift)
      output[pixel * 3 + 1] = clamp(green >> shift)
      output[pixel * 3 + 2] = clamp(blue >> shift)
    }
  }

  package static func resampleColumnsPortably(
    _ rows: RowStore, row: Int, to output: inout MutableSpan<UInt8>, byteCount: Int,
    table: WeightTable
  ) {
    let range = table.range(of: row)
    precondition(
      output.count >= byteCount + RowStore.padding && rows.capacity >= range.count
        && rows.stride >= byteCount + RowStore.padding)
    let half = SIMD16<Int32>(repeating: 1 << Int32(table.bits - 1))
    let shift = SIMD16<Int32>(repeating: Int32(table.bits))
    let (least, most) = (SIMD16<Int32>(repeating: 0), SIMD16<Int32>(repeating: 255))
    for start in stride(from: 0, to: byteCount, by: 16) {
      var sum = half
      for (tap, source) in range.enumerated() {
        // Bounds: sixteen bytes from a multiple of sixteen below `byteCount` end within the padding.
        let samples = unsafe rows.row(source).bytes.unsafeLoadUnaligned(
          fromByteOffset: start, as: SIMD16<UInt8>.self)
        let weight = SIMD16<Int32>(repeating: table.weights[row * table.stride + tap])
        sum = sum &+ SIMD16<Int32>(truncatingIfNeeded: samples) &* weight
      }
      let clamped = (sum &>> shift).clamped(lowerBound: least, upperBound: most)
      let bytes = SIMD16<UInt8>(truncatingIfNeeded: clamped)
      for lane in 0..<16 { output[start + lane] = bytes[lane] }
    }
  }

  @inline(__always)
  private static func clamp(_ value: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: max(0, min(255, value)))
  }
}

#if arch(x86_64)
  extension WeightTable {
    /// Calls with the weights from an index on, as C takes them.
    @unsafe
    fileprivate func withWeights(from index: Int, _ body: (tk_image_weights) -> Void) {
      unsafe low.withUnsafeBufferPointer { low in
        unsafe high.withUnsafeBufferPointer { high in
          unsafe body(
            tk_image_weights(
              low: low.baseAddress.map { unsafe $0 + index },
              high: high.isEmpty ? nil : high.baseAddress.map { unsafe $0 + index },
              bits: Int32(bits)))
        }
      }
    }
  }
#endif
