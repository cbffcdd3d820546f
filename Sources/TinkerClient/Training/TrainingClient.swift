import Synchronization
public import TinkerData
import TinkerJSON
import TinkerWire

/// A model in training.
///
/// Each call takes its place in the order at once; nothing has to be awaited between calls. Submit a pass
/// and the step that follows it, render the next batch, then await both:
///
/// ```swift
/// let pass = try trainer.forwardBackward(batch, loss: .crossEntropy)
/// let step = try trainer.optimStep(AdamParams(learningRate: 1e-4))
/// let metrics = try await pass.value.metrics
/// _ = try await step.value
/// ```
///
/// A request that fails, fails alone; later ones go on. Cancelling an operation abandons waiting only.
public final class TrainingClient: TrainingBackend {
  /// The id of the model, which is also the id of its training run.
  public let modelID: String

  let core: ServiceCore
  let connected: ServiceCore.Connected
  private let model: ModelInfo
  private let turns = Turns()
  private let nextSequence = Mutex(1)
  private let lastSaved = Mutex<String?>(nil)

  init(_ core: ServiceCore, _ connected: ServiceCore.Connected, model: ModelInfo) {
    self.core = core
    self.connected = connected
    self.model = model
    modelID = model.modelID
  }

  /// What is known of the model; fetched once, when it was created.
  public func info() async throws -> ModelInfo { model }

  // MARK: Passes

  /// Computes the loss and leaves the gradients alone.
  public func forward(
    _ data: [Datum], loss: LossFunction = .crossEntropy
  ) throws -> TrainingOperation<ForwardBackwardOutput> {
    try pass(data, loss, isForwardOnly: true)
  }

  /// Computes the loss and adds its gradients to those of earlier passes.
  public func forwardBackward(
    _ data: [Datum], loss: LossFunction = .crossEntropy
  ) throws -> TrainingOperation<ForwardBackwardOutput> {
    try pass(data, loss, isForwardOnly: false)
  }

  /// A forward pass and a pass that is made from its output, at adjacent places in the order.
  ///
  /// If the second pass cannot be made, its places are used up by forward passes, so that later requests
  /// do not wait for them for ever.
  public func forwardBackward(
    afterForward data: [Datum], loss: LossFunction,
    then: @escaping @Sendable (ForwardBackwardOutput) throws -> SecondPass
  ) throws -> TrainingOperation<ForwardBackwardOutput> {
    try checkOpen()
    let parts = try parts(of: data)
    let place = reserve(count: 2 * parts.count, turns: 2)
    return operation("forward_backward_custom") { [self] pending in
      let first = PassSender(
        client: self, data: data, parts: parts, loss: loss, firstSequence: place.sequence,
        isForwardOnly: true)
      await turns.turn(of: place.ticket)
      let accepted = await first.submit()
      turns.end(place.ticket)
      let second: SecondPass
      do {
        let submissions = try accepted.get()
        pending.markSubmitted()
        second = try then(try await first.results(of: submissions, pending))
        guard second.data.count == data.count else {
          throw ClientError.invalidArgument(
            .unexpected("\(data.count) examples", at: "second pass"))
        }
      } catch {
        let filler = PassSender(
          client: self, data: data, parts: parts, loss: loss,
          firstSequence: place.sequence + parts.count, isForwardOnly: true)
        await turns.turn(of: place.ticket + 1)
        _ = await filler.submit()
        turns.end(place.ticket + 1)
        throw error
      }
      let backward = PassSender(
        client: self, data: second.data, parts: parts, loss: loss,
        firstSequence: place.sequence + parts.count, isForwardOnly: false)
      await turns.turn(of: place.ticket + 1)
      let outcome = await backward.submit()
      turns.end(place.ticket + 1)
      return second.finish(try await backward.results(of: try outcome.get(), pending))
    }
  }

  private func pass(
    _ data: [Datum], _ loss: LossFunction, isForwardOnly: Bool
  ) throws -> TrainingOperation<ForwardBackwardOutput> {
    try checkOpen()
    let parts = try parts(of: data)
    let place = reserve(count: parts.count, turns: 1)
    let sender = PassSender(
      client: self, data: data, parts: parts, loss: loss, firstSequence: place.sequence,
      isForwardOnly: isForwardOnly)
    return operation(isForwardOnly ? "forward" : "forward_backward") { [self] pending in
      await turns.turn(of: place.ticket)
      let accepted = await sender.submit()
      turns.end(place.ticket)
      let submissions = try accepted.get()
      pending.markSubmitted()
      return try await sender.results(of: submissions, pending)
    }
  }

  private func parts(of data: [Datum]) throws -> [Chunking.Part] {
    guard !data.isEmpty else {
      throw ClientError.invalidArgument(.parameter(name: "data", "no data provided"))
    }
    for datum in data {
      for case .imageAssetPointer in datum.modelInput.chunks {
        throw ClientError.invalidArgument(
          .parameter(
            name: "data", "training takes images by their bytes; asset pointers are for sampling"))
      }
    }
    return Chunking.parts(of: data, connected.config)
  }

  // MARK: Steps

  /// Updates the parameters by AdamW with the gradients since the last step.
  public func optimStep(_ params: AdamParams) throws -> TrainingOperation<OptimStepOutput> {
    try optimStep(.adam(params))
  }

  /// Updates the parameters with the gradients since the last step.
  public func optimStep(_ params: OptimizerParams) throws -> TrainingOperation<OptimStepOutput> {
    let (key, value): (String, JSONValue) =
      switch params {
      case .adam(let adam): ("adam_params", try JSONValue.written { adam.write(to: &$0) })
      case .dimuon(let dimuon): ("optimizer_params", dimuon.json)
      case .other(let object): ("optimizer_params", .object(object))
      }
    return try single(
      .optimStep, .optimStep,
      body: { sequence in
        [
          "model_id": .text(self.modelID), "seq_id": .int(sequence), "type": "optim_step",
          key: value,
        ]
      }
    ) { json in
      var metrics: [String: Double] = [:]
      for (name, value) in json["metrics"]?.object ?? [:] {
        if let name = name.text, let number = value.double { metrics[name] = number }
      }
      return OptimStepOutput(metrics: metrics)
    }
  }

  // MARK: One request

  /// An operation of one request.
  func single<Value: Sendable>(
    _ route: Route, _ kind: RequestKind, retries: Int = APIConnection.retries,
    conflictIsFinal: Bool = false,
    body: @escaping @Sendable (Int) -> KeyValuePairs<String, JSONValue?>,
    decode: @escaping @Sendable (JSONValue) async throws -> Value
  ) throws -> TrainingOperation<Value> {
    try checkOpen()
    let place = reserve(count: 1, turns: 1)
    return operation(route.template) { [self] pending in
      await turns.turn(of: place.ticket)
      var call = APICall(route, json: jsonBody(body(place.sequence)))
      call.retries = retries
      call.conflictIsFinal = conflictIsFinal
      let ready = call
      let submission: Submission
      do {
        submission = try await submit(conflictIsFinal: conflictIsFinal, bytes: 0) { ready }
        turns.end(place.ticket)
      } catch {
        turns.end(place.ticket)
        throw error
      }
      pending.markSubmitted()
      let outcome = try await retrieve(submission, kind, route.template, pending)
      guard case .json(let json) = outcome else {
        throw ClientError.unexpectedReply("\(route.template) was not answered with JSON")
      }
      return try await decode(json)
    }
  }

  /// A request that the server accepted.
  struct Submission: Sendable {
    var reply: SubmissionReply
    var duration: Duration
  }

  /// Sends a request until it is accepted.
  func submit(
    conflictIsFinal: Bool = false, bytes: Int,
    _ call: @escaping @Sendable () throws -> APICall
  ) async throws -> Submission {
    let start = core.time.now()
    let reply = try await connected.passes.with(bytes) {
      let call = try call()
      return try await connected.retries.run(conflictIsFinal: conflictIsFinal) {
        try ServiceCore.read(try await connected.connection.json(call)) { json throws(DataError) in
          try SubmissionReply(json: json)
        }
      }
    }
    return Submission(reply: reply, duration: core.time.now() - start)
  }

  /// Polls for the result of an accepted request.
  func retrieve(
    _ submission: Submission, _ kind: RequestKind, _ name: String, _ pending: any Abandonable
  ) async throws -> FutureRetriever.Outcome {
    let retriever = FutureRetriever(
      core: core, connected: connected, operation: "\(name) of \(modelID)", kind: kind,
      requestID: submission.reply.requestID, submissionTime: submission.duration, deadline: nil,
      resumeHint: { nil },
      onWait: { [pending] waitingFor in
        if pending.isComplete { throw CancellationError() }
        pending.noteWaiting(for: waitingFor)
      })
    return try await retriever.result()
  }

  /// Runs an operation whose place in the order is taken. Its submission goes out even if nobody waits
  /// any more; polling ends then.
  private func operation<Value: Sendable>(
    _ name: String, _ work: @escaping @Sendable (PendingResult<Value>) async throws -> Value
  ) -> TrainingOperation<Value> {
    let pending = PendingResult<Value>(waitingFor: "the turn of \(name) of \(modelID)")
    Task { [core] in
      do { pending.complete(with: .success(try await work(pending))) } catch {
        core.note(error)
        pending.complete(with: .failure(error))
      }
    }
    if let deadline = core.options.deadline {
      let timer = Task { [weak self, weak pending] in
        try await self?.core.time.sleep(deadline)
        guard let pending, let self else { return }
        pending.abandon(
          with: ClientError.stuck(
            "no result within \(Int(deadline.inSeconds)) s while waiting for "
              + (pending.waitingFor ?? name),
            resumeHint: resumeHint()))
      }
      Task {
        _ = try? await pending.value
        timer.cancel()
      }
    }
    return TrainingOperation(pending)
  }

  private func resumeHint() -> String? {
    lastSaved.withLock { $0 }.map { "resume with createTrainingClientFromState(\"\($0)\")" }
  }

  /// Remembers the last state, for hints.
  func noteSaved(_ path: String) { lastSaved.withLock { $0 = path } }

  private func checkOpen() throws {
    if core.isClosed { throw ClientError.closed }
  }

  /// Takes sequence numbers and turns together, so that both have the order of the calls.
  private func reserve(count: Int, turns turnCount: Int) -> (sequence: Int, ticket: Int) {
    nextSequence.withLock { next in
      defer { next += count }
      let first = turns.takeTicket()
      for _ in 1..<turnCount { _ = turns.takeTicket() }
      return (next, first)
    }
  }
}

/// The side of a pending result that polling looks at.
protocol Abandonable: Sendable {
  var isComplete: Bool { get }
  func noteWaiting(for what: String)
}

extension PendingResult: Abandonable {}
