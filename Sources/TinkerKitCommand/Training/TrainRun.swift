import TinkerFiles
import TinkerKit

/// A run of the command line: its folder, its signals, its end.
struct TrainRun {
  let name: String
  let arguments: TrainArguments
  let setting: TrainSetting
  let configuration: JSONObject

  /// Trains, and ends as the run ended.
  ///
  /// - Parameter train: Does the work with whom it is given.
  /// - Throws: `CommandFailure`; of status `interrupted` if someone stopped the run.
  func perform(
    _ train: @Sendable (RunParticipants, any ServiceBackend) async throws -> RunSummary
  ) async throws {
    let folder = arguments.resume ?? arguments.output ?? ""
    do {
      let resumed = arguments.resume == nil ? nil : try RunFolder.lastState(in: folder)
      if arguments.resume != nil, resumed == nil {
        throw CommandFailure(
          .badInput, "\(folder): no checkpoint with a state is there to go on from")
      }
      if let resumed, resumed.isFinal {
        throw CommandFailure(.badInput, "\(folder): the run has ended")
      }
      // The folder comes first: the report reads what it kept of an earlier process.
      var observers: [any RunObserver] = [
        try RunFolder(folder, resuming: arguments.resume != nil), try TensorBoardLog(folder),
        HTMLReport(folder + "/report.html", runFolder: folder),
      ]
      if !arguments.quiet { observers.append(TerminalRunView()) }
      let followers = observers
      var ending = RunEnding.finished
      try await setting.backend.perform { service in
        let trainer = try await setting.trainer(service, resumed: resumed)
        let summary = try await train(
          RunParticipants(
            trainer: trainer,
            description: RunDescription(
              recipe: name, baseModel: setting.baseModel, configuration: configuration),
            observers: followers, evaluators: setting.evaluators, resumed: resumed), service)
        ending = summary.ending
        return summary.ending != .finished
      }
      try end(ending, folder)
    } catch { throw failure(error, folder) }
  }

  private func end(_ ending: RunEnding, _ folder: String) throws(CommandFailure) {
    guard case .interrupted(let checkpoint) = ending else { return }
    let how =
      checkpoint?.statePath == nil
      ? "tinkerkit: stopped; nothing was saved yet\n"
      : "tinkerkit: stopped; to go on: \(resumption(folder))\n"
    Terminal.writeMessage(how)
    throw CommandFailure(.interrupted, nil)
  }

  private func resumption(_ folder: String) -> String {
    "tinkerkit train \(name) --resume \(folder)"
  }

  /// The failure with the command that goes on, where there is something to go on from.
  private func failure(_ error: any Error, _ folder: String) -> CommandFailure {
    let failure =
      switch error {
      case let error as ClientError: CommandFailure(.network, error.description)
      case let error as TransportError: CommandFailure(.network, error.description)
      default: CommandFailure(reading: error)
      }
    guard failure.status == .network, let message = failure.message,
      (try? RunFolder.lastState(in: folder)) != nil
    else { return failure }
    return CommandFailure(failure.status, "\(message); to go on: \(resumption(folder))")
  }
}
