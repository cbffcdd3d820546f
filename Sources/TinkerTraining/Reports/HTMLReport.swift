internal import TinkerFiles

/// Writes ``RunReport`` as the run goes: at checkpoints, now and then in between, and at the end.
///
/// The file is whole at every moment. A run that goes on from a checkpoint keeps the curves of the steps
/// before it.
public actor HTMLReport: RunObserver {
  /// At least so many seconds lie between two writes that nobody waits for.
  private static let interval = 10.0
  /// The most samples that are kept.
  private static let mostSamples = 40

  /// The path of the page.
  public nonisolated let path: String
  private let runFolder: String?
  private var report: RunReport?
  private var lastWrite = 0.0

  /// A report.
  ///
  /// - Parameters:
  ///   - path: The path of the page; what is there is replaced.
  ///   - runFolder: The folder of the run, from which the steps of an earlier process are read; `nil`
  ///     shows those of this process alone.
  public init(_ path: String, runFolder: String? = nil) {
    self.path = path
    self.runFolder = runFolder
  }

  /// Takes note of what happened.
  ///
  /// - Throws: `FileError`, and for the folder of the run what ``RunFolder/metrics(in:)`` throws.
  public func observe(_ event: RunEvent) throws {
    switch event {
    case .started(let run): try start(run)
    case .step(let step):
      report?.steps.append(step)
      if Machine.uptime - lastWrite >= Self.interval { try write() }
    case .sample(let sample): keep(sample)
    case .checkpoint(let record):
      report?.checkpoints.append(record)
      try write()
    case .note(let note): report?.notes.append(note)
    case .ended(let ending):
      report?.ending = ending
      try write()
    }
  }

  private func start(_ run: RunDescription) throws {
    var report = RunReport(run: run)
    if let runFolder, run.firstStep > 0 {
      report.steps = try RunFolder.metrics(in: runFolder).filter { $0.step < run.firstStep }
      report.checkpoints = try RunFolder.checkpoints(in: runFolder)
        .filter { $0.batch <= run.firstStep }
    }
    self.report = report
    lastWrite = Machine.uptime
  }

  /// Of too many samples those in the middle go: how it began and how it stands is what people compare.
  private func keep(_ sample: RunSample) {
    report?.samples.append(sample)
    if let count = report?.samples.count, count > Self.mostSamples {
      report?.samples.remove(at: Self.mostSamples / 2)
    }
  }

  private func write() throws {
    guard let report else { return }
    var output = try OutputFile(path: path)
    try output.write(report.html())
    try output.commit()
    lastWrite = Machine.uptime
  }
}
