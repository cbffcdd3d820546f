internal import TinkerFiles
internal import TinkerJSON

/// The numbers of a run as event files, which `tensorboard --logdir FOLDER` shows while they grow.
///
/// Each process of a run writes a file of its own; one that goes on from a checkpoint tells TensorBoard
/// to forget the steps that it makes again. Numbers that are none are left out.
public actor TensorBoardLog: RunObserver {
  /// The folder of the files.
  public nonisolated let folder: String
  private let time: @Sendable () -> Int
  private var file: EventFile?

  /// The open file; a class, because the file it owns cannot be copied.
  private final class EventFile {
    let bytes: AppendedBytes

    init(path: String) throws(FileError) { bytes = try AppendedBytes(creating: path) }
  }

  /// A log in a folder, which is made if it does not exist.
  ///
  /// - Parameter folder: The folder, for example that of the run.
  /// - Throws: `FileError`.
  public init(_ folder: String) throws {
    try self.init(folder, time: { Machine.now })
  }

  package init(_ folder: String, time: @escaping @Sendable () -> Int) throws {
    try Machine.makeFolder(folder)
    self.folder = folder
    self.time = time
  }

  /// Writes the numbers of steps.
  ///
  /// - Throws: `FileError`.
  public func observe(_ event: RunEvent) throws {
    let now = Double(time())
    switch event {
    case .started(let run):
      let file = try makeFile()
      self.file = file
      try file.bytes.append(EventRecord.version(at: now).span)
      if run.firstStep > 0 {
        try file.bytes.append(EventRecord.restart(at: now, step: run.firstStep).span)
      }
    case .step(let step):
      let values = step.metrics.compactMap { metric -> (name: String, value: Double)? in
        metric.value.double.isFinite ? (metric.name, metric.value.double) : nil
      }
      guard !values.isEmpty else { return }
      try file?.bytes.append(EventRecord.scalars(at: now, step: step.step, values).span)
    case .ended: file = nil
    case .sample, .checkpoint, .note: break
    }
  }

  /// A file with a name that TensorBoard looks for and that no other process has taken.
  private func makeFile() throws -> EventFile {
    var number = 0
    while true {
      let path = "\(folder)/events.out.tfevents.\(time()).tinkerkit.\(number)"
      if !Machine.exists(path) { return try EventFile(path: path) }
      number += 1
    }
  }
}
