public import TinkerData

/// Which frames of a video the Qwen3-VL processor takes, and what it writes about their times.
public struct VideoFrames: Sendable, Hashable {
  /// The frames taken of each second.
  static let framesPerSecond = 2.0
  /// The fewest and the most frames.
  static let frameLimits = (fewest: 4, most: 768)
  /// What a video of unknown rate counts as, in frames a second.
  public static let assumedRate = 24.0

  /// The frames, counted from 0, in ascending order.
  public let indices: [Int]
  /// The time in seconds of each pair of frames, the mean of the two; of an odd number the last frame
  /// counts twice.
  public let times: [Double]

  /// Chooses frames.
  ///
  /// - Parameters:
  ///   - total: Frames of the video.
  ///   - rate: Frames a second of the video.
  /// - Throws: `ImageError` of kind `corrupt` for videos without frames and rates that are not positive.
  public init(total: Int, rate: Double = assumedRate) throws(ImageError) {
    guard total > 0, total <= 0x7FFF_FFFF, rate > 0, rate.isFinite else {
      throw ImageError(.corrupt, "a video of \(total) frames at \(rate) frames a second")
    }
    // A rate near 0 would ask for more frames than an integer holds.
    let wanted = min(Double(total) / rate * Self.framesPerSecond, Double(total))
    let count = min(max(Int(wanted), Self.frameLimits.fewest), Self.frameLimits.most, total)
    var indices: [Int] = []
    let step = count > 1 ? Double(total - 1) / Double(count - 1) : 0
    for frame in 0..<count {
      let place = count > 1 && frame == count - 1 ? Double(total - 1) : Double(frame) * step
      indices.append(Int(place.rounded(.toNearestOrEven)))
    }
    self.indices = indices
    times = stride(from: 0, to: count, by: 2).map { first in
      let last = min(first + 1, count - 1)
      return (Double(indices[first]) / rate + Double(indices[last]) / rate) / 2
    }
  }

  /// The text before each pair of frames, for example `<0.5 seconds>`.
  public var stamps: [String] { times.map { "<\(Self.oneDecimal($0)) seconds>" } }

  /// The text that stands for the video in the model's input; it takes the place of one
  /// `<|vision_start|><|video_pad|><|vision_end|>`.
  ///
  /// - Parameter tokensPerPair: Positions of a pair of frames.
  /// - Returns: Stamps, marks and pads of all pairs.
  public func layout(tokensPerPair: Int) -> String {
    let pads = String(repeating: "<|video_pad|>", count: tokensPerPair)
    return stamps.reduce(into: "") { $0 += "\($1)<|vision_start|>\(pads)<|vision_end|>" }
  }

  /// A number that is not negative with one digit after the point, rounded as C's `%.1f`: the exact value
  /// decides, and ties go to the even digit.
  static func oneDecimal(_ value: Double) -> String {
    let product = value * 10
    // What the product lost by rounding.
    let rest = (-product).addingProduct(value, 10)
    let floor = product.rounded(.down)
    let fraction = product - floor
    var tenths = Int(floor)
    if fraction > 0.5 || (fraction == 0.5 && (rest > 0 || (rest == 0 && tenths % 2 == 1))) {
      tenths += 1
    }
    return "\(tenths / 10).\(tenths % 10)"
  }
}
