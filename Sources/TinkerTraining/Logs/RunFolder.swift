internal import TinkerFiles
public import TinkerJSON

/// The folder of a run: `config.json`, `metrics.jsonl` and `checkpoints.jsonl`, written as the run goes.
///
/// A run that goes on from a checkpoint keeps the lines of the steps before it and forgets those after,
/// which will be made again.
public actor RunFolder: RunObserver {
  /// The path of the folder.
  public nonisolated let path: String
  private let isResumed: Bool
  private var metrics: JSONLinesFile?
  private var checkpoints: JSONLinesFile?

  /// A folder, which is made if it does not exist.
  ///
  /// - Parameters:
  ///   - path: The path.
  ///   - resuming: Whether a run in it goes on; otherwise the folder must not hold one.
  /// - Throws: `FileError` if it cannot be made, ``TrainingError/log(path:_:)`` if it holds a run.
  public init(_ path: String, resuming: Bool = false) throws {
    try Machine.makeFolder(path)
    let configuration = Self.configurationPath(path)
    if !resuming, Machine.exists(configuration) {
      throw TrainingError.log(
        path: path, "the folder holds a run already; choose another, or let that run go on")
    }
    self.path = path
    isResumed = resuming
  }

  /// Writes what happened to the file that it belongs to.
  ///
  /// - Throws: `FileError`.
  public func observe(_ event: RunEvent) throws {
    switch event {
    case .started(let run): try start(run)
    case .step(let step): try metrics?.append(step.json)
    case .checkpoint(let record): try checkpoints?.append(record.json, synchronizes: true)
    case .sample, .note, .ended: break
    }
  }

  private func start(_ run: RunDescription) throws {
    if !isResumed {
      var output = try OutputFile(path: Self.configurationPath(path))
      try output.write(JSONValue.object(run.configuration).serialized(.pythonUnicode) + "\n")
      try output.commit()
    }
    let kept = try Self.metrics(in: path).filter { $0.step < run.firstStep }
    var output = try OutputFile(path: Self.metricsPath(path))
    for step in kept { try output.write(step.json.serialized() + "\n") }
    try output.commit()
    metrics = try JSONLinesFile(path: Self.metricsPath(path))
    checkpoints = try JSONLinesFile(path: Self.checkpointsPath(path))
  }
}

extension RunFolder {
  /// The path of the settings in a run's folder.
  public static func configurationPath(_ folder: String) -> String { folder + "/config.json" }
  /// The path of the metrics in a run's folder.
  public static func metricsPath(_ folder: String) -> String { folder + "/metrics.jsonl" }
  /// The path of the checkpoints in a run's folder.
  public static func checkpointsPath(_ folder: String) -> String { folder + "/checkpoints.jsonl" }

  /// The metrics of a run, in the order of the lines; none if nothing was written.
  ///
  /// - Throws: `FileError`, `JSONError`, ``TrainingError/log(path:_:)``.
  public static func metrics(in folder: String) throws -> [StepMetrics] {
    let path = metricsPath(folder)
    return try JSONLinesFile.values(path: path).map { try StepMetrics(json: $0, path: path) }
  }

  /// The checkpoints of a run, in the order of the lines; none if nothing was written.
  ///
  /// - Throws: `FileError`, `JSONError`, ``TrainingError/log(path:_:)``.
  public static func checkpoints(in folder: String) throws -> [CheckpointRecord] {
    let path = checkpointsPath(folder)
    return try JSONLinesFile.values(path: path).map { try CheckpointRecord(json: $0, path: path) }
  }

  /// The settings of a run.
  ///
  /// - Throws: `FileError`, `JSONError`, ``TrainingError/log(path:_:)``.
  public static func configuration(in folder: String) throws -> JSONObject {
    let path = configurationPath(folder)
    guard let object = try JSONValue.parse(try WholeFile.bytes(path: path)).object else {
      throw TrainingError.log(path: path, "an object is expected")
    }
    return object
  }

  /// The checkpoint from which a run goes on: the last with a state.
  ///
  /// - Returns: The checkpoint, or `nil` if there is none.
  /// - Throws: `FileError`, `JSONError`, ``TrainingError/log(path:_:)``.
  public static func lastState(in folder: String) throws -> CheckpointRecord? {
    try checkpoints(in: folder).last { $0.statePath != nil }
  }
}
