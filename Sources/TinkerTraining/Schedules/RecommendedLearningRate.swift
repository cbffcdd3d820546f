#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The reference's rule for a first learning rate.
public enum RecommendedLearningRate {
  /// The rate for a model: 5e-5, ten times that for an adapter, times (2000 / hidden size)ᵉ with the
  /// exponent of the model's family.
  ///
  /// - Parameters:
  ///   - model: The model's name; a suffix after a colon does not count.
  ///   - hiddenSize: The width of its residual stream; `nil` looks the name up.
  ///   - isLora: Whether an adapter is trained.
  /// - Returns: The rate.
  /// - Throws: ``TrainingError/setting(name:_:)`` for families without a rule and widths that are not known.
  public static func rate(
    for model: String, hiddenSize: Int? = nil, isLora: Bool = true
  ) throws(TrainingError) -> Double {
    let name = String(model.prefix { $0 != ":" })
    let lower = name.lowercased()
    let exponent: Double
    if lower.contains("llama") {
      exponent = 0.781
    } else if lower.contains("qwen") {
      exponent = 0.0775
    } else {
      throw .setting(
        name: "learning_rate",
        "the rule for \(name) is not yet calibrated; give a learning rate")
    }
    guard let size = hiddenSize ?? hiddenSizes[name], size > 0 else {
      throw .setting(
        name: "learning_rate",
        "the hidden size of \(name) is not known; give it, or give a learning rate")
    }
    return (isLora ? 5e-4 : 5e-5) * pow(2000 / Double(size), exponent)
  }

  /// Hidden sizes of published models of the two families, as the reference lists them.
  private static let hiddenSizes: [String: Int] = [
    "meta-llama/Llama-3.2-1B": 2048,
    "meta-llama/Llama-3.2-3B": 3072,
    "meta-llama/Llama-3.1-8B": 4096,
    "meta-llama/Llama-3.1-8B-Instruct": 4096,
    "meta-llama/Llama-3.1-70B": 8192,
    "meta-llama/Llama-3.3-70B-Instruct": 8192,
    "Qwen/Qwen3-235B-A22B-Instruct-2507": 4096,
    "Qwen/Qwen3-30B-A3B-Instruct-2507": 2048,
    "Qwen/Qwen3-30B-A3B": 2048,
    "Qwen/Qwen3-30B-A3B-Base": 2048,
    "Qwen/Qwen3-32B": 5120,
    "Qwen/Qwen3-8B": 4096,
    "Qwen/Qwen3-8B-Base": 4096,
    "Qwen/Qwen3-4B-Instruct-2507": 2560,
    "Qwen/Qwen3-VL-235B-A22B-Instruct": 4096,
    "Qwen/Qwen3-VL-30B-A3B-Instruct": 2048,
    "Qwen/Qwen3.5-397B-A17B": 4096,
    "Qwen/Qwen3.5-35B-A3B": 2048,
    "Qwen/Qwen3.5-35B-A3B-Base": 2048,
    "Qwen/Qwen3.5-27B": 5120,
    "Qwen/Qwen3.5-9B": 4096,
    "Qwen/Qwen3.5-9B-Base": 4096,
    "Qwen/Qwen3.5-4B": 2560,
    "Qwen/Qwen3.6-27B": 5120,
    "Qwen/Qwen3.6-35B-A3B": 2048,
    "Qwen/Qwen3.8-27B": 5120,
  ]
}
