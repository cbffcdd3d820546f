import Foundation
import Testing
import TinkerData
import TinkerLocal
import TinkerTraining

@Suite struct SupervisedTrainingTests {
  @Test func learns() async throws {
    try await TinyRun.withFolder { folder in
      let witness = Witness()
      let recipe = try TinyRun.recipe(steps: 60)
      let summary = try await recipe.run(
        TinyRun.participants(try await TinyRun.trainer(folder), observers: [witness]))
      #expect(summary.ending == .finished && witness.ending == .finished)
      let losses = witness.curve("train_mean_nll")
      #expect(losses.count == 60 && losses[59] < losses[0] / 5, "\(losses)")
      let last = try #require(witness.steps.last)
      #expect(last["progress"] == 1 && last["epoch"] == 23)
      #expect(last["num_sequences"] == 4 && last["num_tokens"] == 20)
      #expect(last["num_loss_tokens"] == 16)
      #expect(last["learning_rate"] == 1e-2 * (1 - 59.0 / 60))
      // The metric of the recipe is that of the backend, by token.
      #expect(abs((last["loss:sum"] ?? 0) / 16 - losses[59]) < 1e-6)
      #expect(last["optim/grad_norm"] != nil)
      #expect(summary.lastCheckpoint?.isFinal == true)
    }
  }

  /// A stopped run that goes on has the losses of one that was never stopped, bit for bit.
  @Test(arguments: [1, 2, 4])
  func interruptionChangesNothing(inFlight: Int) async throws {
    try await TinyRun.withFolder { folder in
      let settings = RunSettings(
        learningRate: 1e-2, schedule: .cosine, seed: 7, saveEvery: 5, stepsInFlight: inFlight)
      let recipe = try TinyRun.recipe(steps: 20, settings: settings)
      let whole = Witness()
      _ = try await recipe.run(
        TinyRun.participants(try await TinyRun.trainer(folder), observers: [whole]))
      #expect(whole.checkpoints.map(\.name) == ["000005", "000010", "000015", "final"])

      let runPath = folder.appending(path: "run").path
      let log = try RunFolder(runPath)
      let trainer = try await TinyRun.trainer(folder)
      let task = Task {
        let stopper = Stopper(after: 8) { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
        return try await recipe.run(TinyRun.participants(trainer, observers: [log, stopper]))
      }
      let stopped = try await task.value
      let record = try #require(try RunFolder.lastState(in: runPath))
      #expect(stopped.ending == .interrupted(record))
      #expect(record.batch >= 8 && record.batch <= 8 + inFlight, "\(record)")

      let path = try #require(record.statePath)
      let again = try await TinyRun.service(folder).makeTrainer(
        fromState: path, withOptimizer: true)
      _ = try await recipe.run(
        TinyRun.participants(
          again, observers: [try RunFolder(runPath, resuming: true)], resumed: record))
      let losses = try RunFolder.metrics(in: runPath).map { $0["train_mean_nll"] }
      #expect(losses == whole.steps.map { $0["train_mean_nll"] })
      let norms = try RunFolder.metrics(in: runPath).map { $0["optim/grad_norm"] }
      #expect(norms == whole.steps.map { $0["optim/grad_norm"] })
    }
  }

  /// A killed run, which could not save anything, goes on from its last checkpoint.
  @Test func killedRunsGoOn() async throws {
    try await TinyRun.withFolder { folder in
      struct Killed: Error {}
      struct Killer: RunObserver {
        func observe(_ event: RunEvent) throws {
          if case .step(let step) = event, step.step == 8 { throw Killed() }
        }
      }
      let settings = RunSettings(learningRate: 1e-2, saveEvery: 5)
      let recipe = try TinyRun.recipe(steps: 12, settings: settings)
      let whole = Witness()
      _ = try await recipe.run(
        TinyRun.participants(try await TinyRun.trainer(folder), observers: [whole]))
      let runPath = folder.appending(path: "run").path
      await #expect(throws: Killed.self) {
        _ = try await recipe.run(
          TinyRun.participants(
            try await TinyRun.trainer(folder), observers: [try RunFolder(runPath), Killer()]))
      }
      #expect(try RunFolder.metrics(in: runPath).count == 9)
      // What a process leaves that dies while it writes.
      let file = try FileHandle(
        forWritingTo: URL(filePath: RunFolder.metricsPath(runPath)))
      try file.seekToEnd()
      try file.write(contentsOf: Data(#"{"step": 9, "trai"#.utf8))
      try file.close()

      let record = try #require(try RunFolder.lastState(in: runPath))
      #expect(record.batch == 5)
      let again = try await TinyRun.service(folder).makeTrainer(
        fromState: try #require(record.statePath), withOptimizer: true)
      _ = try await recipe.run(
        TinyRun.participants(
          again, observers: [try RunFolder(runPath, resuming: true)], resumed: record))
      let losses = try RunFolder.metrics(in: runPath).map { $0["train_mean_nll"] }
      #expect(losses == whole.steps.map { $0["train_mean_nll"] })
      #expect(throws: TrainingError.self) { _ = try RunFolder(runPath) }
    }
  }

  @Test func settingsWithoutSenseAreRefused() throws {
    let good = RunSettings(learningRate: 1)
    #expect(throws: TrainingError.self) {
      _ = try SupervisedTraining(TinyRun.data, batchSize: 4, epochs: 1, steps: 1, settings: good)
    }
    #expect(throws: TrainingError.self) {
      _ = try SupervisedTraining(TinyRun.data, batchSize: 4, steps: 0, settings: good)
    }
    for bad in [
      RunSettings(learningRate: .nan), RunSettings(learningRate: 1, saveEvery: 0),
      RunSettings(learningRate: 1, stepsInFlight: 0),
    ] {
      #expect(throws: TrainingError.self) { _ = try TinyRun.recipe(steps: 3, settings: bad) }
    }
  }
}
