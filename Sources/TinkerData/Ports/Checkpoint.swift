/// A stored checkpoint.
public struct Checkpoint: Sendable, Hashable {
  /// What a checkpoint is for.
  public enum Kind: String, Sendable, Hashable {
    /// Weights and optimizer, to train on.
    case training
    /// Weights to sample from.
    case sampler
    /// Weights to download.
    case external
  }

  /// The id inside the run: kind of weights and name.
  public var id: String
  /// What it is for.
  public var kind: Kind
  /// When it was written, RFC 3339.
  public var time: String
  /// Its path.
  public var path: String
  /// The bytes that it takes, if known.
  public var byteCount: Int?
  /// Whether everybody may use it.
  public var isPublic: Bool
  /// Texts that were kept with it.
  public var userMetadata: [String: String]?
  /// When it will be removed, RFC 3339; `nil` if never.
  public var expiresAt: String?

  /// A checkpoint.
  public init(
    id: String, kind: Kind, time: String, path: String, byteCount: Int? = nil,
    isPublic: Bool = false, userMetadata: [String: String]? = nil, expiresAt: String? = nil
  ) {
    self.id = id
    self.kind = kind
    self.time = time
    self.path = path
    self.byteCount = byteCount
    self.isPublic = isPublic
    self.userMetadata = userMetadata
    self.expiresAt = expiresAt
  }
}
