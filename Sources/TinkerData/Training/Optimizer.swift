public import TinkerJSON

/// Which optimizer a model is created with.
public enum OptimizerConfig: Sendable, Hashable {
  /// AdamW, the default.
  case adamW
  /// Dion-style Muon in its first version.
  case dimuon
  /// Any other optimizer of the service: an object with a `type`, sent as it is.
  case other(JSONObject)

  /// The service's JSON form.
  public var json: JSONValue {
    switch self {
    case .adamW: ["type": "adamw"]
    case .dimuon: ["type": "dimuon", "version": 1]
    case .other(let object): .object(object)
    }
  }
}

/// The parameters of one optimizer step.
public enum OptimizerParams: Sendable, Hashable {
  /// AdamW.
  case adam(AdamParams)
  /// Dion-style Muon.
  case dimuon(DimuonParams)
  /// Parameters of any other optimizer, sent as they are.
  case other(JSONObject)
}

/// The parameters of one step of Dion-style Muon.
public struct DimuonParams: Sendable, Hashable {
  /// The step size; not negative.
  public let learningRate: Double
  /// The norm that gradients are clipped to; 0 and less clip nothing.
  public let gradientClipNorm: Double
  /// The decay of the momentum, from 0 to below 1.
  public let beta1: Double

  /// Parameters of a step.
  ///
  /// - Throws: `DataError` for a value that is outside its range or not finite.
  public init(
    learningRate: Double, gradientClipNorm: Double = 0, beta1: Double = 0.9
  ) throws(DataError) {
    guard learningRate.isFinite, learningRate >= 0 else {
      throw .parameter(name: "learning_rate", "must be finite and not negative")
    }
    guard gradientClipNorm.isFinite else {
      throw .parameter(name: "grad_clip_norm", "must be finite")
    }
    guard beta1 >= 0, beta1 < 1 else {
      throw .parameter(name: "beta1", "must lie in 0..<1, not \(beta1)")
    }
    self.learningRate = learningRate
    self.gradientClipNorm = gradientClipNorm
    self.beta1 = beta1
  }

  /// The service's JSON form.
  public var json: JSONValue {
    [
      "type": "dimuon", "learning_rate": .number(.double(learningRate)),
      "grad_clip_norm": .number(.double(gradientClipNorm)), "beta1": .number(.double(beta1)),
    ]
  }
}
