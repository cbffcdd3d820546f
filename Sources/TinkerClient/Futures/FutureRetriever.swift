import TinkerData
import TinkerJSON
import TinkerWire

/// Polls for the result of one accepted request.
struct FutureRetriever: Sendable {
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
  var knownByteCount: Int?
  /// Called before each poll with what is waited for.
  var onWait: @Sendable (String) throws -> Void = { _ in }

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

  private func poll(metadataAllowed: Bool, from first: Int = 0) async throws -> Polled {
    let start = time.now()
    var iteration = first
    var pacing = PollPacing()
    var failures = 0
    var badRequests = 0
    var waitingFor = "the result of \(operation)"
    while true {
      if let deadline, time.now() > deadline {
        throw ClientError.stuck(
          "no result by the deadline while waiting for \(waitingFor)", resumeHint: resumeHint())
      }
      try onWait(waitingFor)
      let pollStart = time.now()
      defer { iteration += 1 }
      do {
        switch try await once(metadataAllowed: metadataAllowed, iteration: iteration) {
        case .result(let outcome):
          report(.active, nil, since: start)
          return .result(outcome)
        case .metadata(let byteCount):
          return .metadata(byteCount: byteCount, nextIteration: iteration + 1)
        case .pending(let state, let reason):
          failures = 0
          waitingFor = describe(state, reason)
          report(state, reason, since: start)
        case .failed(let message, let category):
          report(.active, nil, since: start)
          throw ClientError.requestFailed(
            requestID: requestID, category: category, message: message)
        }
      } catch let error as ClientError {
        if try await connected.retries.billing.waits(after: error) { continue }
        switch error {
        case .transport(let failure) where RetryRules.isPassing(failure):
          try await time.sleep(RetryRules.outerPause(after: error, retry: failures))
          failures += 1
          continue
        case .status(let status) where status.status == 429:
          try await time.sleep(RetryRules.outerPause(after: error, retry: failures))
          failures += 1
          continue
        case .status(let status) where status.status == 400 && badRequests < Self.badRequests:
          badRequests += 1
        case .status(let status) where status.status == 408 || status.status >= 500:
          if case .pending(let state, let reason)? = status.body.map(FutureReply.init) {
            waitingFor = describe(state, reason)
            report(state, reason, since: start)
            badRequests = 0
          }
          if let pause = status.retryAfter { try await time.sleep(pause) }
        default: throw error
        }
        failures = 0
      }
      let pause = pacing.next(afterPollOf: time.now() - pollStart)
      if pause > .zero { try await time.sleep(pause) }
    }
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
