/// A loss by name, with its settings. Names are not checked here: the backend knows its own.
public struct LossFunction: Sendable, Hashable {
  /// The value of a setting.
  public enum Value: Sendable, Hashable {
    /// A number.
    case number(Double)
    /// A text.
    case text(String)
  }

  /// A setting with its name.
  public struct Setting: Sendable, Hashable {
    /// The name, for example `clip_low_threshold`.
    public var name: String
    /// The value.
    public var value: Value

    /// A named value.
    public init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// The name on the wire, for example `cross_entropy`.
  public var name: String
  /// The settings in the order in which they are written; none means the backend's defaults.
  public var settings: [Setting]

  /// A loss by name.
  public init(name: String, settings: [Setting] = []) {
    self.name = name
    self.settings = settings
  }

  /// The numeric setting by a name, or `nil`.
  public func number(_ name: String) -> Double? {
    for setting in settings where setting.name == name {
      if case .number(let value) = setting.value { return value }
    }
    return nil
  }
}

extension LossFunction {
  /// Σ −weight · logprob.
  public static let crossEntropy = LossFunction(name: "cross_entropy")

  /// Σ −ratio · advantage.
  public static let importanceSampling = LossFunction(name: "importance_sampling")

  /// The clipped ratio objective. Thresholds bound the ratio itself; `nil` leaves the default.
  public static func ppo(clipLow: Double? = nil, clipHigh: Double? = nil) -> LossFunction {
    LossFunction(name: "ppo", settings: clip(clipLow, clipHigh))
  }

  /// Log-probabilities weighted by the clipped ratio, which carries no gradient.
  public static func cispo(clipLow: Double? = nil, clipHigh: Double? = nil) -> LossFunction {
    LossFunction(name: "cispo", settings: clip(clipLow, clipHigh))
  }

  /// The clipped objective with one ratio for a whole sequence.
  public static func gspo(clipLow: Double? = nil, clipHigh: Double? = nil) -> LossFunction {
    LossFunction(name: "gspo", settings: clip(clipLow, clipHigh))
  }

  /// Direct reward optimisation with a quadratic penalty of strength `beta`.
  public static func dro(beta: Double) -> LossFunction {
    LossFunction(name: "dro", settings: [Setting(name: "beta", value: .number(beta))])
  }

  private static func clip(_ low: Double?, _ high: Double?) -> [Setting] {
    var out: [Setting] = []
    if let low { out.append(Setting(name: "clip_low_threshold", value: .number(low))) }
    if let high { out.append(Setting(name: "clip_high_threshold", value: .number(high))) }
    return out
  }
}
