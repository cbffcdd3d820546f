import TinkerFiles
import TinkerLocal
import TinkerWire

extension Catalog {
  /// Copies a checkpoint to another run under the same name.
  ///
  /// - Returns: The path of the copy.
  func copy(
    _ source: CheckpointStore.Address, toRun run: String, secondsToLive: Int?
  ) throws(Refusal) -> String {
    let folder = try folder(source)
    let info = try weightsInfo(path: source.path)
    let now = Machine.now
    let old = CheckpointNote(folder: folder)
    let note = CheckpointNote(
      time: now, expires: secondsToLive.map { now + $0 }, isPublic: false,
      userMetadata: old?.userMetadata, baseModel: info.baseModel, loraRank: info.loraRank ?? 0,
      trainUnembed: info.trainUnembed ?? true, trainMLP: info.trainMLP ?? true,
      trainAttn: info.trainAttn ?? true)
    do throws(LocalError) {
      let target = try store.address(run: run, segment: source.segment, name: source.name)
      var files: [(name: String, bytes: [UInt8])] = []
      for name in FileSystem.names(in: folder)
      where !name.hasPrefix(CheckpointNote.fileName) && !name.hasPrefix(".") {
        files.append((name, try FileSystem.read(folder + "/" + name)))
      }
      files.append((CheckpointNote.fileName, note.bytes))
      try store.write(files, at: target)
      if self.run(id: run)?.sessionID == nil {
        try write(
          run: RunRecord(
            id: run, sessionID: nil, baseModel: info.baseModel, loraRank: info.loraRank ?? 0,
            userMetadata: nil, time: now))
      }
      return target.path
    } catch {
      throw Refusal(error.isUserError ? 400 : 500, error.description)
    }
  }
}
