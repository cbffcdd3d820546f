import TinkerVision

/// Resampling and layout written as plainly as possible, to say where a result first differs.
enum PlainModel {
  /// A picture resized, without any kernel or band.
  static func resize(
    _ image: RGBImage, width: Int, height: Int, filter: ResamplingFilter, resampler: Resampler
  ) -> [UInt8] {
    var (bytes, oldWidth, oldHeight) = (image.bytes, image.width, image.height)
    let less = oldHeight - height
    let columnsFirst = resampler == .pillow13 && less > 0 && less > 2 * (oldWidth - width)
    for alongRows in columnsFirst ? [false, true] : [true, false] {
      let (old, new) = alongRows ? (oldWidth, width) : (oldHeight, height)
      guard old != new else { continue }
      let (bits, table) = weights(old, new, filter, resampler)
      let (outWidth, outHeight) = alongRows ? (new, oldHeight) : (oldWidth, new)
      var out: [UInt8] = []
      for y in 0..<outHeight {
        for x in 0..<outWidth {
          let (first, weights) = table[alongRows ? x : y]
          for channel in 0..<3 {
            var sum = 1 << (bits - 1)
            for (tap, weight) in weights.enumerated() {
              let (fromX, fromY) = alongRows ? (first + tap, y) : (x, first + tap)
              sum += weight * Int(bytes[(fromY * oldWidth + fromX) * 3 + channel])
            }
            out.append(UInt8(max(0, min(255, sum >> bits))))
          }
        }
      }
      (bytes, oldWidth, oldHeight) = (out, outWidth, outHeight)
    }
    return bytes
  }

  /// Fixed-point weights of an axis.
  static func weights(
    _ old: Int, _ new: Int, _ filter: ResamplingFilter, _ resampler: Resampler
  ) -> (bits: Int, rows: [(first: Int, weights: [Int])]) {
    let scale = Double(old) / Double(new)
    let stretch = max(scale, 1)
    let support = (filter == .bicubic ? 2.0 : 3.0) * stretch
    var exact: [(Int, [Double])] = []
    for index in 0..<new {
      let center = (Double(index) + 0.5) * scale
      let low = max(Int(center - support + 0.5), 0)
      let high = min(Int(center + support + 0.5), old)
      let row = (0..<high - low).map {
        TestKernel.value(filter, (Double($0 + low) - center + 0.5) * (1 / stretch))
      }
      let total = row.reduce(0, +)
      exact.append((low, total == 0 ? row : row.map { $0 / total }))
    }
    var bits = 22
    if resampler == .torchvision {
      let largest = exact.flatMap(\.1).max() ?? 0
      bits = 0
      while bits < 22, Int(0.5 + largest * Double(1 << (bits + 1))) < 1 << 15 { bits += 1 }
    }
    let one = Double(1 << bits)
    return (
      bits, exact.map { ($0.0, $0.1.map { Int($0 * one + ($0 < 0 ? -0.5 : 0.5)) }) }
    )
  }

  /// The first place where two pictures differ.
  static func firstDifference(_ got: [UInt8], _ wanted: [UInt8], width: Int) -> String {
    guard got.count == wanted.count else { return "\(got.count) bytes, not \(wanted.count)" }
    guard let index = got.indices.first(where: { got[$0] != wanted[$0] }) else {
      return "equal to the plain model"
    }
    let pixel = index / 3
    return "pixel (\(pixel % width), \(pixel / width)) channel \(index % 3) is \(got[index]), "
      + "the plain model says \(wanted[index])"
  }
}
