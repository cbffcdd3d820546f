internal import Synchronization
public import TinkerData

/// A training run of the embedded engine. Operations happen one after the other in the order of the calls.
public final class LocalTrainer: TrainingBackend {
  /// The id of the training run, which is part of the paths of its checkpoints.
  public let runID: String
  private let engine: Engine
  private let last = Mutex<Task<Void, Never>?>(nil)

  init(_ engine: Engine, run: String) {
    self.engine = engine
    runID = run
  }

  deinit {
    let engine = engine
    let runID = runID
    let last = last.withLock { $0 }
    Task {
      await last?.value
      await engine.release(run: runID)
    }
  }

  /// Orders an operation behind those before it.
  private func order<Value: Sendable>(
    _ work: @escaping @Sendable (Engine, String) async throws -> Value
  ) -> TrainingOperation<Value> {
    let pending = PendingResult<Value>(waitingFor: "the operations before it")
    pending.markSubmitted()
    let engine = engine
    let runID = runID
    last.withLock { last in
      let before = last
      last = Task {
        await before?.value
        do {
          pending.complete(with: .success(try await work(engine, runID)))
        } catch {
          pending.complete(with: .failure(error))
        }
      }
    }
    return TrainingOperation(pending)
  }

  /// Computes the loss and leaves the gradients alone.
  ///
  /// - Throws: Nothing; a datum that cannot be used is a `LocalError` of the value.
  public func forward(_ data: [Datum], loss: LossFunction) throws -> TrainingOperation<
    ForwardBackwardOutput
  > {
    order { try await $0.pass(run: $1, data, loss: loss, learns: false) }
  }

  /// Computes the loss and adds its gradients to those of earlier passes.
  ///
  /// - Throws: Nothing; a datum that cannot be used is a `LocalError` of the value, and adds nothing.
  public func forwardBackward(_ data: [Datum], loss: LossFunction) throws -> TrainingOperation<
    ForwardBackwardOutput
  > {
    order { try await $0.pass(run: $1, data, loss: loss, learns: true) }
  }

  /// A forward pass, and a forward and backward pass over examples that are made from its output.
  ///
  /// - Throws: Nothing; what `then` throws fails the value and adds no gradient.
  public func forwardBackward(
    afterForward data: [Datum], loss: LossFunction,
    then: @escaping @Sendable (ForwardBackwardOutput) throws -> SecondPass
  ) throws -> TrainingOperation<ForwardBackwardOutput> {
    order { try await $0.twoPasses(run: $1, data, loss: loss, then: then) }
  }

  /// Updates the parameters. Metrics are `optim/grad_norm`, before clipping, and `optim/lr`.
  ///
  /// - Throws: Nothing; settings out of range are a `LocalError` of the value.
  public func optimStep(_ params: AdamParams) throws -> TrainingOperation<OptimStepOutput> {
    order { try await $0.step(run: $1, params) }
  }

  /// Saves weights and optimizer. Gradients that wait for a step are not saved.
  ///
  /// - Throws: Nothing; a name in use is a `LocalError` of the value.
  public func saveState(name: String) throws -> TrainingOperation<String> {
    order { try await $0.save(run: $1, as: .weights, name: name) }
  }

  /// Saves weights for sampling.
  ///
  /// - Throws: Nothing; a name in use is a `LocalError` of the value.
  public func saveWeightsForSampler(name: String) throws -> TrainingOperation<String> {
    order { try await $0.save(run: $1, as: .sampler, name: name) }
  }

  /// Saves weights with notes beside them.
  ///
  /// - Throws: Nothing; a name in use, unless it is overwritten, is a `LocalError` of the value.
  package func save(
    as segment: CheckpointStore.Segment, name: String, overwrites: Bool,
    notes: [(name: String, bytes: [UInt8])]
  ) throws -> TrainingOperation<String> {
    order {
      try await $0.save(
        run: $1, as: segment, name: name, overwrites: overwrites, notes: notes)
    }
  }

  /// What a checkpoint would say about the trainer.
  ///
  /// - Throws: `LocalError` for a run that was released.
  package func state() async throws -> TrainerState { try await engine.state(ofRun: runID) }

  /// Gives a sampler of the weights as they are then; later steps do not change it.
  ///
  /// - Throws: Nothing.
  public func makeSampler() throws -> TrainingOperation<any SamplingBackend> {
    order { engine, run in
      LocalSampler(engine, number: try await engine.makeSampler(ofRun: run))
    }
  }

  /// Gives a sampler, as ``makeSampler()`` does, that tells tokens as they are drawn.
  ///
  /// - Throws: Nothing.
  package func makeLocalSampler() throws -> TrainingOperation<LocalSampler> {
    order { engine, run in
      LocalSampler(engine, number: try await engine.makeSampler(ofRun: run))
    }
  }

  /// Replaces the weights, and the optimizer's state if asked, by those of a checkpoint.
  ///
  /// - Throws: Nothing; a path that does not exist is a `LocalError` of the value.
  public func loadState(path: String, withOptimizer: Bool) throws -> TrainingOperation<Void> {
    order { try await $0.load(run: $1, path: path, withOptimizer: withOptimizer) }
  }
}
