import Synchronization
public import TinkerData
import TinkerJSON
import TinkerWire

/// Something to sample from. It may be used from many tasks at once; run samples in a task group and the
/// service works on all of them.
///
/// A sample whose task is cancelled is abandoned, and the service is told so if it wants to know.
public final class SamplingClient: SamplingBackend {
  /// Clones of a sampler number their requests so far apart.
  static let cloneStride = 1_000_000_000
  /// A sampler of which nothing was finished for so long is stuck.
  private static let patience = Duration.seconds(7200)
  private static let longestPause = 10.0

  /// The id of the sampling session.
  public let samplingSessionID: String

  let core: ServiceCore
  let connected: ServiceCore.Connected
  let recordsStability: Bool
  private let knownBaseModel: Mutex<String?>
  private let numbers: Mutex<Int?>
  private let places: Budget
  private let lastProgress: Mutex<Duration>
  private let poller: SessionPoller?

  init(
    _ core: ServiceCore, _ connected: ServiceCore.Connected, sessionID: String,
    baseModel: String?, recordsStability: Bool = false, clone: Int? = 0
  ) {
    self.core = core
    self.connected = connected
    samplingSessionID = sessionID
    self.recordsStability = recordsStability
    knownBaseModel = Mutex(baseModel)
    numbers = Mutex(clone.map { $0 * Self.cloneStride })
    lastProgress = Mutex(core.time.now())
    let pollsTogether = connected.config.pollsSamplesTogether
    places = Budget(places: pollsTogether ? Int.max : connected.config.concurrentSamples)
    poller =
      pollsTogether
      ? SessionPoller(core: core, connected: connected, sessionID: sessionID, clone: clone ?? 0)
      : nil
  }

  /// The name of the base model; asked for once if it is not known.
  public func baseModel() async throws -> String {
    if let known = knownBaseModel.withLock({ $0 }) { return known }
    let info = try await connected.retries.run { [connected, samplingSessionID] in
      try ServiceCore.read(
        try await connected.connection.json(
          APICall(.sampler, Route.sampler.path(samplingSessionID)))
      ) { json throws(DataError) in try SamplerInfo(json: json) }
    }
    knownBaseModel.withLock { $0 = info.baseModel }
    return info.baseModel
  }

  /// Draws sequences and reports what the request asks.
  ///
  /// Failures that pass are tried again as new requests, for as long as anything of this client makes
  /// progress.
  public func sample(_ request: SampleRequest) async throws -> SampleResponse {
    do { try request.validate() } catch { throw ClientError.invalidArgument(error) }
    if core.isClosed { throw ClientError.closed }
    let start = core.time.now()
    let deadline = core.options.deadline.map { start + $0 }
    return try await places.with {
      lastProgress.withLock { $0 = max($0, start) }
      var retry = 0
      while true {
        do {
          let response = try await attempt(request, deadline: deadline)
          lastProgress.withLock { $0 = core.time.now() }
          return response
        } catch {
          guard connected.config.retriesSamples, isTriedAgain(error) else {
            core.note(error)
            throw error
          }
          try checkProgress("the next try after: \(error)", deadline)
          let pause = min(0.5 * Double(1 << min(retry, 10)), Self.longestPause)
          try await core.time.sleep(
            .seconds(min(pause * Double.random(in: 0.75...1.25), Self.longestPause)))
          retry += 1
        }
      }
    }
  }

  // MARK: One try

  private func attempt(_ request: SampleRequest, deadline: Duration?) async throws
    -> SampleResponse
  {
    let message = SampleMessage(
      sessionID: samplingSessionID, sequenceNumber: try await takeNumber(),
      recordsStability: recordsStability, request: request)
    let start = core.time.now()
    let reply = try await submit(message)
    guard let ids = reply.sampleSequenceIDs, ids.count == request.numSamples else {
      throw ClientError.unexpectedReply(
        "asample was accepted with \(reply.sampleSequenceIDs?.count ?? 0) sequence ids for "
          + "\(request.numSamples) sequences")
    }
    do {
      return try await retrieve(
        reply.requestID, ids, request, submissionTime: core.time.now() - start, deadline)
    } catch is CancellationError {
      core.abandon(requestID: reply.requestID)
      throw CancellationError()
    }
  }

  private func submit(_ message: SampleMessage) async throws -> SubmissionReply {
    let body = message.json
    return try await connected.samples.submit(
      estimate: message.request.prompt.estimatedSampleBytes
    ) { [connected] () async throws -> SubmissionReply? in
      try await connected.retries.run { () async throws -> SubmissionReply? in
        var call = APICall(.sample, json: body)
        call.retries = 0
        call.headers = [.init("X-Tinker-Sampling-Backpressure", "1")]
        do {
          return try ServiceCore.read(try await connected.connection.json(call)) {
            json throws(DataError) in try SubmissionReply(json: json)
          }
        } catch let error as ClientError where error.status == 429 {
          return nil
        }
      }
    }
  }

  private func retrieve(
    _ requestID: String, _ ids: [String], _ request: SampleRequest, submissionTime: Duration,
    _ deadline: Duration?
  ) async throws -> SampleResponse {
    let operation = "asample of \(samplingSessionID)"
    let byteCount = try await poller?.completion(of: requestID)
    let retriever = FutureRetriever(
      core: core, connected: connected, operation: operation, kind: .sample,
      requestID: requestID, submissionTime: submissionTime, deadline: deadline,
      resumeHint: { nil }, knownByteCount: byteCount,
      onWait: { try self.checkProgress($0, nil) })
    let outcome = try await retriever.result()
    await poller?.markRetrieved(requestID)
    guard case .protobuf(let bytes) = outcome else {
      throw ClientError.unexpectedReply(
        "\(operation) was answered with JSON where protobuf is expected")
    }
    var response: SampleResponse
    do { response = try SampleResponse(serialized: bytes) } catch {
      throw ClientError.unexpectedReply("\(error)")
    }
    try check(response, for: request)
    for index in response.sequences.indices { response.sequences[index].sequenceID = ids[index] }
    return response
  }

  /// An old server ignores what it does not know; its answer must not pass for the one that was asked.
  private func check(_ response: SampleResponse, for request: SampleRequest) throws {
    guard response.sequences.count == request.numSamples else {
      throw ClientError.unexpectedReply(
        "\(response.sequences.count) sequences came for \(request.numSamples)")
    }
    if request.promptAltTokensK > 0, response.promptAltTokens == nil {
      throw ClientError.unexpectedReply("the server ignored prompt_alt_tokens_k")
    }
    if let lastN = request.promptLogprobsLastN, let logprobs = response.promptLogprobs,
      logprobs.dropLast(lastN).contains(where: { $0 != nil })
    {
      throw ClientError.unexpectedReply("the server ignored prompt_logprobs_last_n")
    }
  }

  private func isTriedAgain(_ error: any Error) -> Bool {
    if case .resultLost? = error as? ClientError { return true }
    return RetryRules.isPassing(error)
  }

  private func checkProgress(_ waitingFor: String, _ deadline: Duration?) throws {
    let now = core.time.now()
    if let deadline, now > deadline {
      throw ClientError.stuck(
        "no sample by the deadline while waiting for \(waitingFor)", resumeHint: nil)
    }
    let idle = now - lastProgress.withLock { $0 }
    if connected.config.detectsStuckSamples, idle > Self.patience {
      throw ClientError.stuck(
        "no sample of \(samplingSessionID) was finished for \(Int(idle.inSeconds)) s while waiting "
          + "for \(waitingFor)", resumeHint: nil)
    }
  }

  // MARK: Numbers

  /// The next number; a clone may have to ask for its place first.
  private func takeNumber() async throws -> Int {
    if let number = nextNumber() { return number }
    let clone: Int
    if connected.config.joinsSamplingSessions {
      let body = jsonBody([
        "sampling_session_id": .text(samplingSessionID), "type": "join_sampling_session",
      ])
      let reply = try await connected.retries.run { [connected] in
        try await connected.connection.json(APICall(.joinSamplingSession, json: body))
      }
      guard let counter = reply["client_counter"]?.int, (0...Self.cloneStride).contains(counter)
      else { throw ClientError.unexpectedReply("join_sampling_session gave no client_counter") }
      clone = counter
    } else {
      clone = Int.random(in: 1...Self.cloneStride)
    }
    // Of several first samples at once, one decides.
    numbers.withLock { if $0 == nil { $0 = clone * Self.cloneStride } }
    return nextNumber() ?? clone * Self.cloneStride
  }

  private func nextNumber() -> Int? {
    numbers.withLock { number in
      defer { number = number.map { $0 + 1 } }
      return number
    }
  }
}
