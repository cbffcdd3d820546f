public import TinkerData

/// The parts of a checkpoint's path, `tinker://{run}/{kind of weights}/{name}`.
public struct CheckpointPath: Sendable, Hashable, CustomStringConvertible {
  /// The training run.
  public let runID: String
  /// What the checkpoint is for.
  public let kind: Checkpoint.Kind
  /// The name inside the run.
  public let name: String

  /// A path from its parts.
  public init(runID: String, kind: Checkpoint.Kind, name: String) {
    self.runID = runID
    self.kind = kind
    self.name = name
  }

  /// Reads a path.
  ///
  /// - Throws: `DataError` unless the path has exactly a run, `weights`, `sampler_weights` or
  ///   `external_weights`, and a name.
  public init(_ path: String) throws(DataError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard path.hasPrefix("tinker://"), parts.count == 5, !parts[2].isEmpty, !parts[4].isEmpty,
      let kind = Self.kinds.first(where: { $0.segment == parts[3] })?.kind
    else {
      throw .parameter(
        name: "path",
        "\(path) is not tinker://RUN/weights|sampler_weights|external_weights/NAME")
    }
    self.init(runID: String(parts[2]), kind: kind, name: String(parts[4]))
  }

  /// The segment of the path that names the kind.
  public var segment: String { Self.kinds.first { $0.kind == kind }?.segment ?? "" }

  /// The id inside the run, `segment/name`.
  public var checkpointID: String { segment + "/" + name }

  /// The path.
  public var description: String { "tinker://\(runID)/\(segment)/\(name)" }

  private static let kinds: [(segment: String, kind: Checkpoint.Kind)] = [
    ("weights", .training), ("sampler_weights", .sampler), ("external_weights", .external),
  ]
}
