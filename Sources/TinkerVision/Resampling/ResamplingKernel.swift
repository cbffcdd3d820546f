/// The two passes of resampling over rows of 8-bit RGB.
///
/// Every sum is an exact integer, so the order of the additions is free.
enum ResamplingKernel {
  /// Along a row: `table.outputCount` pixels of `output` from `table.inputCount` pixels of `input`.
  static func resampleRow(
    _ input: Span<UInt8>, to output: inout MutableSpan<UInt8>, table: WeightTable
  ) {
    let half = Int32(1) << Int32(table.bits - 1)
    let shift = Int32(table.bits)
    for pixel in 0..<table.outputCount {
      var red = half
      var green = half
      var blue = half
      var at = table.first[pixel] * 3
      let row = pixel * table.stride
      for tap in 0..<table.taps[pixel] {
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

  /// Across rows: `byteCount` bytes of `output` from the rows that the table gives for `row`.
  static func resampleColumns(
    _ rows: RowStore, row: Int, to output: inout MutableSpan<UInt8>, byteCount: Int,
    table: WeightTable
  ) {
    let half = Int32(1) << Int32(table.bits - 1)
    let shift = Int32(table.bits)
    let first = table.first[row]
    let taps = table.taps[row]
    for byte in 0..<byteCount {
      var sum = half
      for tap in 0..<taps {
        let weight = table.weights[row * table.stride + tap]
        sum &+= weight &* Int32(rows.span[(first + tap) % rows.capacity * rows.stride + byte])
      }
      output[byte] = clamp(sum >> shift)
    }
  }

  @inline(__always)
  private static func clamp(_ value: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: max(0, min(255, value)))
  }
}
