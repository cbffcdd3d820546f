/// What a model's image processor is told: sizes, mean and deviation.
public struct PreprocessorConfiguration: Sendable, Hashable {
  /// How the size of a picture is chosen.
  public let size: ImageSizeRule
  /// The mean of red, green and blue, on a scale from 0 to 1.
  public let mean: [Double]
  /// The standard deviation of red, green and blue, on a scale from 0 to 1.
  public let deviation: [Double]

  /// Qwen3-VL, Qwen3.5 and Qwen3.6.
  public static let qwen3VL = PreprocessorConfiguration(
    unchecked: .qwen(.qwen3VL), mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
  /// Qwen2-VL and Qwen2.5-VL.
  public static let qwen25VL = PreprocessorConfiguration(
    unchecked: .qwen(.qwen25VL), mean: clipMean, deviation: clipDeviation)
  /// Kimi K2.5 and K2.6.
  public static let kimiK25 = PreprocessorConfiguration(
    unchecked: .kimi(.k25), mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
  /// Nemotron 3.5 Super.
  public static let nemotron35Super = PreprocessorConfiguration(
    unchecked: .nemotron(.nemotron35Super), mean: clipMean, deviation: clipDeviation)

  /// The presets that the command line knows, by name.
  public static let presets: [(name: String, configuration: PreprocessorConfiguration)] = [
    ("qwen3VL", .qwen3VL), ("qwen25VL", .qwen25VL),
  ]

  /// The numbers that CLIP was trained with, and many models after it.
  static let clipMean = [0.48145466, 0.4578275, 0.40821073]
  static let clipDeviation = [0.26862954, 0.26130258, 0.27577711]

  /// A configuration by its numbers.
  ///
  /// - Parameters:
  ///   - size: How the size of a picture is chosen.
  ///   - mean: Three numbers.
  ///   - deviation: Three numbers that are not 0.
  /// - Throws: `PreprocessorConfigurationError` for lists of another length and numbers that are not
  ///   finite or 0.
  public init(
    size: ImageSizeRule, mean: [Double], deviation: [Double]
  ) throws(PreprocessorConfigurationError) {
    for (key, values) in [("image_mean", mean), ("image_std", deviation)] {
      guard values.count == 3, values.allSatisfy(\.isFinite) else {
        throw PreprocessorConfigurationError("three finite numbers are needed", key: key)
      }
    }
    guard deviation.allSatisfy({ Float($0) != 0 }) else {
      throw PreprocessorConfigurationError("a deviation is 0", key: "image_std")
    }
    self.init(unchecked: size, mean: mean, deviation: deviation)
  }

  private init(unchecked size: ImageSizeRule, mean: [Double], deviation: [Double]) {
    self.size = size
    self.mean = mean
    self.deviation = deviation
  }
}
