/// The settings of one AdamW step. They may change from step to step.
public struct AdamParams: Sendable, Hashable {
  /// The size of a step.
  public var learningRate: Double
  /// The decay of the mean of gradients.
  public var beta1: Double
  /// The decay of the mean of squared gradients.
  public var beta2: Double
  /// Added to the root of the mean of squared gradients. With the service's default a parameter whose
  /// gradient is only rounding noise moves by a whole learning rate; recipes send 1e-8.
  public var eps: Double
  /// The decoupled decay: parameters shrink by `learningRate * weightDecay`.
  public var weightDecay: Double
  /// The global norm to which gradients are cut; 0 cuts nothing.
  public var gradClipNorm: Double

  /// Settings; the defaults are those of the service.
  public init(
    learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.95, eps: Double = 1e-12,
    weightDecay: Double = 0, gradClipNorm: Double = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.eps = eps
    self.weightDecay = weightDecay
    self.gradClipNorm = gradClipNorm
  }
}
