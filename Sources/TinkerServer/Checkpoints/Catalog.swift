import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerLocal
import TinkerWire

/// The checkpoints and training runs in the folder of the state.
struct Catalog: Sendable {
  /// The longest time that a checkpoint may be kept for, and the shortest.
  static let timesToLive = 3600...(10 * 365 * 86400)

  let store: CheckpointStore

  // MARK: Checkpoints

  /// The checkpoints of a run that have not expired, the oldest first.
  func checkpoints(run: String) -> [Checkpoint] {
    let now = Machine.now
    var found: [(time: Int, checkpoint: Checkpoint)] = []
    for listed in (try? store.list(run: run)) ?? [] {
      guard let address = try? store.address(path: listed.path) else { continue }
      var checkpoint = listed
      var time = 0
      if let note = CheckpointNote(folder: store.folder(of: address)) {
        if let expires = note.expires, expires <= now { continue }
        time = note.time
        checkpoint.time = FileSystem.timestamp(note.time)
        checkpoint.isPublic = note.isPublic
        checkpoint.userMetadata = note.userMetadata
        checkpoint.expiresAt = note.expires.map { FileSystem.timestamp($0) }
      }
      found.append((time, checkpoint))
    }
    return found.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map(\.element.checkpoint)
  }

  /// A checkpoint that exists, or `nil`.
  func checkpoint(path: String) -> Checkpoint? {
    guard let address = try? store.address(path: path) else { return nil }
    return checkpoints(run: address.run).first { $0.path == path }
  }

  /// The folder of a checkpoint that exists and has not expired.
  func folder(_ address: CheckpointStore.Address) throws(Refusal) -> String {
    let folder: String
    do { folder = try store.existing(address) } catch { throw Refusal(404, error.description) }
    if let expires = CheckpointNote(folder: folder)?.expires, expires <= Machine.now {
      throw Refusal(404, "the checkpoint \(address.path) has expired")
    }
    return folder
  }

  func address(path: String) throws(Refusal) -> CheckpointStore.Address {
    do { return try store.address(path: path) } catch { throw Refusal(400, error.description) }
  }

  func address(run: String, segment: String, name: String) throws(Refusal)
    -> CheckpointStore.Address
  {
    try address(path: "tinker://\(run)/\(segment)/\(name)")
  }

  /// What a checkpoint holds.
  func weightsInfo(path: String) throws(Refusal) -> WeightsInfo {
    let folder = try folder(address(path: path))
    if let note = CheckpointNote(folder: folder) {
      return WeightsInfo(
        baseModel: note.baseModel, isLora: note.loraRank > 0, loraRank: note.loraRank,
        trainUnembed: note.trainUnembed, trainMLP: note.trainMLP, trainAttn: note.trainAttn)
    }
    // Written by the engine without a server.
    if let state = try? TrainerState(folder: folder) {
      return WeightsInfo(
        baseModel: state.baseModel, isLora: state.rank > 0, loraRank: state.rank,
        trainUnembed: state.trainUnembed, trainMLP: state.trainMLP, trainAttn: state.trainAttn)
    }
    guard let bytes = try? FileSystem.read(folder + "/adapter_config.json"),
      let json = try? JSONValue.parse(bytes),
      let baseModel = json["base_model_name_or_path"]?.text
    else { throw Refusal(400, "\(path) does not say what it was trained from") }
    return WeightsInfo(
      baseModel: baseModel, isLora: true, loraRank: json["r"]?.int, trainUnembed: nil,
      trainMLP: nil, trainAttn: nil)
  }

  /// Changes what is kept beside a checkpoint.
  func change(
    _ address: CheckpointStore.Address, _ change: (inout CheckpointNote) -> Void
  ) throws(Refusal) {
    let folder = try folder(address)
    let info = try weightsInfo(path: address.path)
    var note =
      CheckpointNote(folder: folder)
      ?? CheckpointNote(
        time: FileSystem.facts(folder).modified, expires: nil, isPublic: false, userMetadata: nil,
        baseModel: info.baseModel, loraRank: info.loraRank ?? 0,
        trainUnembed: info.trainUnembed ?? true, trainMLP: info.trainMLP ?? true,
        trainAttn: info.trainAttn ?? true)
    change(&note)
    do throws(LocalError) {
      try Self.replace(folder + "/" + CheckpointNote.fileName, note.bytes)
    } catch { throw Refusal(500, error.description) }
  }

  func delete(_ address: CheckpointStore.Address) throws(Refusal) {
    _ = try folder(address)
    do { try store.delete(address) } catch { throw Refusal(404, error.description) }
  }

  /// Removes what has expired, and gives the paths.
  func removeExpired() -> [String] {
    let now = Machine.now
    var removed: [String] = []
    for run in store.runs() {
      for checkpoint in (try? store.list(run: run)) ?? [] {
        guard let address = try? store.address(path: checkpoint.path),
          let expires = CheckpointNote(folder: store.folder(of: address))?.expires, expires <= now,
          (try? store.delete(address)) != nil
        else { continue }
        removed.append(checkpoint.path)
      }
    }
    return removed
  }

  // MARK: Runs

  /// The runs that are on the disk, the last used first.
  func runs() -> [RunRecord] {
    store.runs().compactMap { run(id: $0) }.sorted { ($1.time, $1.id) < ($0.time, $0.id) }
  }

  /// A run on the disk. One that the engine wrote without a server is known by its checkpoints.
  func run(id: String) -> RunRecord? {
    let folder = store.folder + "/" + id
    guard !id.contains("/"), !id.hasPrefix("."), FileSystem.exists(folder) else { return nil }
    if let record = RunRecord(id: id, folder: folder) { return record }
    guard let first = checkpoints(run: id).first, let info = try? weightsInfo(path: first.path)
    else { return nil }
    return RunRecord(
      id: id, sessionID: nil, baseModel: info.baseModel, loraRank: info.loraRank ?? 0,
      userMetadata: nil, time: FileSystem.facts(folder).modified)
  }

  func write(run: RunRecord) throws(LocalError) {
    let folder = store.folder + "/" + run.id
    try FileSystem.makeFolder(folder)
    try Self.replace(folder + "/" + RunRecord.fileName, run.bytes)
  }

  /// Removes the folder of a run that saved nothing.
  func forgetRunWithoutCheckpoints(_ id: String) {
    guard !id.isEmpty, !id.contains("/"), !id.hasPrefix("."),
      (try? store.list(run: id))?.isEmpty == true
    else { return }
    FileSystem.remove(store.folder + "/" + id)
  }

  /// The protocol's form of a run.
  func trainingRun(_ record: RunRecord) -> TrainingRun {
    let checkpoints = checkpoints(run: record.id)
    return TrainingRun(
      id: record.id, baseModel: record.baseModel, owner: "local", isLora: record.loraRank > 0,
      loraRank: record.loraRank, lastRequestTime: FileSystem.timestamp(record.time),
      lastCheckpoint: checkpoints.last { $0.kind == .training },
      lastSamplerCheckpoint: checkpoints.last { $0.kind == .sampler },
      userMetadata: record.userMetadata)
  }

  /// Puts a file in the place of another, whole.
  private static func replace(_ path: String, _ bytes: [UInt8]) throws(LocalError) {
    let temporary = path + "." + String(RandomStream.systemSeed(), radix: 36)
    do {
      try FileSystem.write(bytes, to: temporary)
      try FileSystem.rename(temporary, to: path)
    } catch {
      FileSystem.remove(temporary)
      throw error
    }
  }
}
