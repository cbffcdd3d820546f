/// What is known of a model in training.
public struct ModelInfo: Sendable, Hashable {
  /// The id of the model, which is also the id of its training run.
  public var modelID: String
  /// The base model.
  public var baseModel: String?
  /// The tokenizer's name in the model hub, without a revision.
  public var tokenizerID: String?
  /// The architecture.
  public var architecture: String?
  /// Whether an adapter is trained.
  public var isLora: Bool?
  /// The rank of the adapter.
  public var loraRank: Int?
  /// The optimizer, if the backend tells.
  public var optimizer: OptimizerConfig?

  /// What is known.
  public init(
    modelID: String, baseModel: String? = nil, tokenizerID: String? = nil,
    architecture: String? = nil, isLora: Bool? = nil, loraRank: Int? = nil,
    optimizer: OptimizerConfig? = nil
  ) {
    self.modelID = modelID
    self.baseModel = baseModel
    self.tokenizerID = tokenizerID
    self.architecture = architecture
    self.isLora = isLora
    self.loraRank = loraRank
    self.optimizer = optimizer
  }
}
