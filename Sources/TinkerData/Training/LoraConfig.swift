/// Which low-rank adapters a model trains.
public struct LoraConfig: Sendable, Hashable {
  /// The rank of every adapter.
  public var rank: Int
  /// The seed of the adapters' initial values; `nil` lets the backend draw one.
  public var seed: UInt64?
  /// Whether the output matrix has an adapter.
  public var trainUnembed: Bool
  /// Whether the gate, up and down matrices have adapters.
  public var trainMLP: Bool
  /// Whether the query, key, value and output matrices of attention have adapters.
  public var trainAttn: Bool

  /// A configuration; the defaults are those of the service.
  public init(
    rank: Int = 32, seed: UInt64? = nil, trainUnembed: Bool = true, trainMLP: Bool = true,
    trainAttn: Bool = true
  ) {
    self.rank = rank
    self.seed = seed
    self.trainUnembed = trainUnembed
    self.trainMLP = trainMLP
    self.trainAttn = trainAttn
  }
}
