/// How a row as stored becomes a row of 8-bit RGB.
enum RowConversion {
  /// The row is RGB already.
  case none
  /// 8-bit grey stands in all three channels.
  case gray
  /// 16-bit grey, high byte first, becomes 8-bit grey in all three channels.
  case gray16(Gray16Rule)
  /// CMYK as JPEG files store it: inverted.
  case cmyk
  /// RGB in which one colour is transparent, over white.
  case keyedRGB(UInt8, UInt8, UInt8)
  /// Grey in which one value is transparent, over white.
  case keyedGray(UInt8)
  /// Grey and alpha, over white.
  case grayAlpha
  /// RGB and alpha, over white.
  case rgba

  /// Converts a row; `row` holds the pixels as stored, `rgb` three bytes for each.
  func convert(_ row: Span<UInt8>, to rgb: inout MutableSpan<UInt8>, width: Int) {
    switch self {
    case .none:
      for index in 0..<width * 3 { rgb[index] = row[index] }
    case .gray:
      for pixel in 0..<width { Self.set(&rgb, pixel, row[pixel], row[pixel], row[pixel]) }
    case .gray16(let rule):
      for pixel in 0..<width {
        let gray = rule.apply(row[pixel * 2], row[pixel * 2 + 1])
        Self.set(&rgb, pixel, gray, gray, gray)
      }
    case .cmyk:
      for pixel in 0..<width {
        let black = Int(row[pixel * 4 + 3])
        Self.set(
          &rgb, pixel, Self.ink(row[pixel * 4], black), Self.ink(row[pixel * 4 + 1], black),
          Self.ink(row[pixel * 4 + 2], black))
      }
    case .keyedRGB(let red, let green, let blue):
      for pixel in 0..<width {
        let at = pixel * 3
        if row[at] == red, row[at + 1] == green, row[at + 2] == blue {
          Self.set(&rgb, pixel, 255, 255, 255)
        } else {
          Self.set(&rgb, pixel, row[at], row[at + 1], row[at + 2])
        }
      }
    case .keyedGray(let key):
      for pixel in 0..<width {
        let gray = row[pixel] == key ? 255 : row[pixel]
        Self.set(&rgb, pixel, gray, gray, gray)
      }
    case .grayAlpha:
      for pixel in 0..<width {
        let gray = Self.overWhite(row[pixel * 2], alpha: row[pixel * 2 + 1])
        Self.set(&rgb, pixel, gray, gray, gray)
      }
    case .rgba:
      for pixel in 0..<width {
        let at = pixel * 4
        let alpha = row[at + 3]
        Self.set(
          &rgb, pixel, Self.overWhite(row[at], alpha: alpha),
          Self.overWhite(row[at + 1], alpha: alpha), Self.overWhite(row[at + 2], alpha: alpha))
      }
    }
  }

  @inline(__always)
  private static func set(
    _ rgb: inout MutableSpan<UInt8>, _ pixel: Int, _ red: UInt8, _ green: UInt8, _ blue: UInt8
  ) {
    rgb[pixel * 3] = red
    rgb[pixel * 3 + 1] = green
    rgb[pixel * 3 + 2] = blue
  }

  /// One channel of stored CMYK as light, in the reference's integer arithmetic. Both numbers are
  /// stored inverted: `stored` = 255 - ink, `black` = 255 - K, which the reference calls c and k'.
  @inline(__always)
  private static func ink(_ stored: UInt8, _ black: Int) -> UInt8 {
    let product = (255 - Int(stored)) * black + 128
    let scaled = ((product >> 8) + product) >> 8
    return UInt8(truncatingIfNeeded: max(black - scaled, 0))
  }

  /// One channel over an opaque white ground, in the reference's integer arithmetic.
  @inline(__always)
  private static func overWhite(_ color: UInt8, alpha: UInt8) -> UInt8 {
    if alpha == 0 { return 255 }
    if alpha == 255 { return color }
    let share = Int(alpha) * 128
    let sum = Int(color) * share + 255 * (255 * 128 - share) + (0x80 << 7)
    let blended = ((sum >> 8) + sum) >> 8
    return UInt8(truncatingIfNeeded: blended >> 7)
  }
}

extension Gray16Rule {
  /// Eight bits of a 16-bit sample.
  @inline(__always)
  func apply(_ high: UInt8, _ low: UInt8) -> UInt8 {
    self == .high || high == 0 ? (self == .high ? high : low) : 255
  }
}
