import TinkerData
import TinkerJSON
import TinkerWire

/// Polls for the result of one accepted request. A reference, because thousands wait at a time and each
/// of its methods keeps it in its frame.
final class FutureRetriever: Sendable {
  /// The longest poll.
  private static let pollTimeout = Duration.seconds(45)
  /// So many unexplained refusals of a poll are tried again.
  private static let badRequests = 3

  /// A result.
  enum Outcome: Sendable {
    case protobuf([UInt8])
    case json(JSONValue)
  }

  let core: ServiceCore
  let connected: ServiceCore.Connected
  /// The operation in words, for reports.
  let operation: String
  let kind: RequestKind
  let requestID: String
  /// How long the submission took.
  let submissionTime: Duration
  /// When waiting ends, by the client's clock; `nil` for never.
  let deadline: Duration?
  /// What the caller can do after the deadline.
  let resumeHint: @Sendable () -> String?
  /// The size of the result, where it is known already.
  let knownByteCount: Int?
  /// Called before each poll with what is waited for.
  let onWait: @Sendable (String) throws -> Void

  init(
    core: ServiceCore, connected: ServiceCore.Connected, operation: String, kind: RequestKind,
    requestID: String, submissionTime: Duration, deadline: Duration?,
    resumeHint: @escaping @Sendable () -> String? = { nil }, knownByteCount: Int? = nil,
    onWait: @escaping @Sendable (String) throws -> Void = { _ in }
  ) {
    self.core = core
    self.connected = connected
    self.operation = operation
    self.kind = kind
    self.requestID = requestID
    self.submissionTime = submissionTime
    self.deadline = deadline
    self.resumeHint = resumeHint
    self.knownByteCount = knownByteCount
    self.onWait = onWait
  }

  private var time: Timekeeper { core.time }

  /// Polls until there is a result.
  ///
  /// - Throws: ``ClientError``, or `CancellationError`.
  func result() async throws -> Outcome {
    guard let knownByteCount, knownByteCount > 0 else {
      switch try await poll(metadataAllowed: true) {
      case .result(let outcome): return outcome
      case .metadata(let byteCount, let iteration):
        return try await connected.responses.with(byteCount) {
          try await payload(from: iteration)
        }
      }
    }
    return try await connected.responses.with(knownByteCount) { try await payload(from: 0) }
  }

  private enum Polled {
    case result(Outcome)
    case metadata(byteCount: Int, nextIteration: Int)
  }

  private func payload(from iteration: Int) async throws -> Outcome {
    switch try await poll(metadataAllowed: false, from: iteration) {
    case .result(let outcome): return outcome
    case .metadata: throw ClientError.unexpectedReply("\(operation): metadata came twice")
    }
  }

  /// What a series of polls has come to.
  private struct Progress {
    let start: Duration
    var pacing = PollPacing()
    var failures = 0
    var badRequests = 0
    var waitingFor: String
  }

  private func poll(metadataAllowed: Bool, from first: Int = 0) async throws -> Polled {
    var progress = Progress(start: time.now(), waitingFor: "the result of \(operation)")
    var iteration = first
    while true {
      try checkWaiting(progress)
      let pollStart = time.now()
      defer { iteration += 1 }
      let pause: Duration
      do {
        let answer = try await once(metadataAllowed: metadataAllowed, iteration: iteration)
        if let polled = try take(answer, iteration, &progress) { return polled }
        pause = progress.pacing.next(afterPollOf: time.now() - pollStart)
      } catch let error as ClientError {
        if try await connected.retries.billing.waits(after: error) { continue }
        pause = try self.pause(after: error, time.now() - pollStart, &progress)
      }
      if pause > .zero { try await time.sleep(pause) }
    }
  }

  private func checkWaiting(_ progress: Progress) throws {
    if let deadline, time.now() > deadline {
      throw ClientError.stuck(
        "no result by the deadline while waiting for \(progress.waitingFor)",
        resumeHint: resumeHint())
    }
    try onWait(progress.waitingFor)
  }

  /// The result in an answer, or `nil` if there is none yet.
  private func take(
    _ answer: Answer, _ iteration: Int, _ progress: inout Progress
  ) throws -> Polled? {
    switch answer {
    case .result(let outcome):
      report(.active, nil, since: progress.start)
      return .result(outcome)
    case .metadata(let byteCount):
      return .metadata(byteCount: byteCount, nextIteration: iteration + 1)
    case .pending(let state, let reason):
      progress.failures = 0
      note(state, reason, &progress)
      return nil
    case .failed(let message, let category):
      report(.active, nil, since: progress.start)
      throw ClientError.requestFailed(requestID: requestID, category: category, message: message)
    }
  }

  /// The pause after a failed poll; throws the error if it is final.
  private func pause(
    after error: ClientError, _ duration: Duration, _ progress: inout Progress
  ) throws(ClientError) -> Duration {
    switch error {
    case .transport(let failure) where RetryRules.isPassing(failure):
      defer { progress.failures += 1 }
      return RetryRules.outerPause(after: error, retry: progress.failures)
    case .status(let status) where status.status == 429:
      defer { progress.failures += 1 }
      return RetryRules.outerPause(after: error, retry: progress.failures)
    case .status(let status)
    where status.status == 400 && progress.badRequests < Self.badRequests:
      progress.badRequests += 1
      progress.failures = 0
      return progress.pacing.next(afterPollOf: duration)
    case .status(let status) where status.status == 408 || status.status >= 500:
      if case .pending(let state, let reason)? = status.body.map(FutureReply.init) {
        note(state, reason, &progress)
        progress.badRequests = 0
      }
      progress.failures = 0
      return max(status.retryAfter ?? .zero, progress.pacing.next(afterPollOf: duration))
    default: throw error
    }
  }

  private func note(_ state: QueueState, _ reason: String?, _ progress: inout Progress) {
    progress.waitingFor = describe(state, reason)
    report(state, reason, since: progress.start)
  }

  private enum Answer {
    case result(Outcome)
    case metadata(byteCount: Int)
    case pending(QueueState, reason: String?)
    case failed(message: String, FailureCategory)
  }

  private func once(metadataAllowed: Bool, iteration: Int) async throws -> Answer {
    var call = APICall(
      .retrieveFuture,
      json: jsonBody([
        "request_id": .text(requestID), "allow_metadata_only": .bool(metadataAllowed),
      ]))
    call.retries = 0
    call.timeout = Self.pollTimeout
    call.silenceTimeout = nil
    if kind.hasProtobufResult { call.accept = ContentType.protobuf }
    call.headers = [
      .init("X-Tinker-Request-Iteration", String(iteration)),
      .init("X-Tinker-Request-Type", kind.rawValue),
    ]
    if iteration == 0 {
      call.headers.append(
        .init(
          "X-Tinker-Create-Promise-Roundtrip-Time", String(max(1e-4, submissionTime.inSeconds))))
    }
    let response = try await connected.connection.send(call)
    if response.head.headers["content-type"]?.hasPrefix(ContentType.protobuf) == true {
      return .result(.protobuf(response.body))
    }
    switch FutureReply(json: try APIConnection.json(response.body, of: call)) {
    case .pending(let state, let reason): return .pending(state, reason: reason)
    case .metadata(let byteCount): return .metadata(byteCount: byteCount)
    case .failed(let message, let category): return .failed(message: message, category)
    case .result(let json): return .result(.json(json))
    }
  }

  private func describe(_ state: QueueState, _ reason: String?) -> String {
    "the result of \(operation), which is \(state)\(reason.map { " (\($0))" } ?? "")"
  }

  private func report(_ state: QueueState, _ reason: String?, since start: Duration) {
    core.report(
      QueueStateReport(
        operation: operation, state: state, reason: reason, waited: time.now() - start))
  }
}
