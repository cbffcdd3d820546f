import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerLocal
import TinkerTokenizer
import TinkerWire

extension ServerCore {
  /// The sets of weights of checkpoints and unnamed saves that stay in memory.
  private static let maximumLoaded = 16
  /// The most samplers of a session.
  private static let maximumSamplers = 100_000

  // MARK: Sessions

  func createSampler(_ request: CreateSamplingSessionRequest) async throws(Refusal) -> JSONValue {
    _ = try heard(of: request.sessionID)
    let id = "\(request.sessionID):sample:\(request.number)"
    if samplers[id] == nil {
      let weights: SampledWeights
      if let path = request.modelPath {
        weights = try shared(path: path, claimed: request.baseModel)
      } else {
        weights = try shared(baseModel: request.baseModel ?? "")
      }
      // A checkpoint that cannot be read is refused here, not at the first sample.
      _ = try await loaded(weights)
      add(sampler: id, request.sessionID, weights)
    }
    return .members(["type": "create_sampling_session", "sampling_session_id": .text(id)])
  }

  func add(sampler id: String, _ sessionID: String, _ weights: SampledWeights) {
    guard sessions[sessionID] != nil, samplers[id] == nil else { return }
    samplers[id] = ServedSampler(id: id, sessionID: sessionID, weights: weights)
    sessions[sessionID]?.samplerIDs.append(id)
    if let ids = sessions[sessionID]?.samplerIDs, ids.count > Self.maximumSamplers {
      samplers[ids[0]] = nil
      sessions[sessionID]?.samplerIDs.removeFirst()
    }
  }

  func sampler(_ id: String) throws(Refusal) -> ServedSampler {
    guard let sampler = samplers[id] else {
      throw Refusal(
        404, "there is no sampler \(id): its session has ended, or the server was started anew")
    }
    sessions[sampler.sessionID]?.lastHeard = Machine.uptime
    return sampler
  }

  func samplerInfo(_ id: String) throws(Refusal) -> SamplerInfo {
    let sampler = try sampler(id)
    return SamplerInfo(
      id: id, baseModel: sampler.weights.baseModel, modelPath: sampler.weights.path)
  }

  func joinSampler(_ id: String) throws(Refusal) -> JSONValue {
    let sampler = try sampler(id)
    sampler.clones += 1
    return .members(["client_counter": .int(sampler.clones)])
  }

  // MARK: Weights

  func shared(baseModel: String) throws(Refusal) -> SampledWeights {
    guard offered(baseModel) else { throw unknownModel(baseModel) }
    if let known = sharedWeights[.base(baseModel)] { return known }
    let weights = SampledWeights(.base(baseModel), baseModel: baseModel)
    sharedWeights[.base(baseModel)] = weights
    return weights
  }

  func shared(path: String, claimed: String? = nil) throws(Refusal) -> SampledWeights {
    let info = try catalog.weightsInfo(path: path)
    guard offered(info.baseModel) else { throw unknownModel(info.baseModel) }
    if let claimed, claimed != info.baseModel {
      throw Refusal(400, "\(path) belongs to \(info.baseModel), not to \(claimed)")
    }
    if let known = sharedWeights[.path(path)] { return known }
    let weights = SampledWeights(.path(path), baseModel: info.baseModel)
    sharedWeights[.path(path)] = weights
    return weights
  }

  /// The sampler behind weights, loaded if they were put aside.
  func loaded(_ weights: SampledWeights) async throws(Refusal) -> LocalSampler {
    if let sampler = weights.loaded {
      noteLoaded(weights)
      return sampler
    }
    do {
      switch weights.source {
      case .base(let name): weights.loaded = try await service.makeLocalSampler(baseModel: name)
      case .path(let path): weights.loaded = try await service.makeLocalSampler(path: path)
      case .unnamed:
        throw Refusal(
          410,
          "the weights of this sampler are gone: of unnamed saves the last \(Self.maximumLoaded)"
            + " are kept; save weights under a name to keep them")
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch let error as LocalError {
      throw Refusal(error.isUserError ? 400 : 500, error.description)
    } catch { throw Refusal(500, "\(error)") }
    noteLoaded(weights)
    guard let sampler = weights.loaded else { throw Refusal(500, "the weights were not loaded") }
    return sampler
  }

  /// Notes that weights were used, and puts aside those that were not for the longest time.
  func noteLoaded(_ weights: SampledWeights) {
    if case .base = weights.source { return }
    loadedWeights.removeAll { $0 === weights }
    loadedWeights.append(weights)
    while loadedWeights.count > Self.maximumLoaded { loadedWeights.removeFirst().loaded = nil }
  }

  /// Forgets the weights of a checkpoint that was replaced or removed. Samplers that use them go on.
  func forgetWeights(ofPath path: String) {
    sharedWeights[.path(path)] = nil
  }

  /// Forgets what no sampler uses any more.
  func forgetUnusedWeights() {
    let used = samplers.values.map { ObjectIdentifier($0.weights) }
    let set = Set(used)
    loadedWeights.removeAll { !set.contains(ObjectIdentifier($0)) }
    sharedWeights = sharedWeights.filter { set.contains(ObjectIdentifier($0.value)) }
  }

  // MARK: Samples

  func submit(
    _ message: SampleMessage, bytes: Int, progress: (@Sendable (Int, [UInt32]) -> Void)? = nil
  ) throws(Refusal) -> SubmissionReply {
    let sampler = try sampler(message.sessionID)
    let number = message.sequenceNumber
    if let known = sampler.known[number] {
      return SubmissionReply(
        requestID: known.requestID, sampleSequenceIDs: known.sequenceIDs)
    }
    let count = message.request.numSamples
    guard count >= 1, count <= 4096 else {
      throw Refusal(400, "num_samples is \(count); a number from 1 to 4096 is needed")
    }
    guard !message.recordsStability else {
      throw Refusal(400, "record_stability_info is not supported by this server")
    }
    try admit(bytes: bytes)
    let id = futures.add()
    let answer = ServedSampler.SubmissionAnswer(
      requestID: id, sequenceIDs: (0..<count).map { "\(sampler.id):\(number)/\($0)" })
    sampler.remember(number, answer)
    sampleLine.add(
      SampleLine.Job(
        requestID: id, samplerID: sampler.id, cloneID: max(0, number) / 1_000_000_000,
        request: message.request, bytes: bytes, progress: progress))
    startSamples()
    return SubmissionReply(requestID: id, sampleSequenceIDs: answer.sequenceIDs)
  }

  func startSamples() {
    while let job = sampleLine.start() {
      runningSamples[job.requestID] = Task { await run(job) }
    }
  }

  private func run(_ job: SampleLine.Job) async {
    var outcome: Futures.Outcome
    var byteCount: Int?
    do {
      let weights = try sampler(job.samplerID).weights
      let sampler = try await loaded(weights)
      let response: SampleResponse
      if let progress = job.progress {
        response = try await sampler.sample(job.request, progress: progress)
      } else {
        response = try await sampler.sample(job.request)
      }
      let bytes = try response.serialized()
      outcome = .sample(bytes)
      byteCount = bytes.count
      await note(response, of: job.request, weights)
    } catch let refusal as Refusal {
      outcome = .failed(
        message: refusal.detail, category: refusal.status < 500 ? .user : .server)
    } catch { outcome = self.outcome(of: error) }
    end(job, outcome, byteCount)
    sampleLine.end(job)
    startSamples()
  }

  private func end(_ job: SampleLine.Job, _ outcome: Futures.Outcome, _ byteCount: Int?) {
    runningSamples[job.requestID] = nil
    futures.end(job.requestID, outcome)
    leave(bytes: job.bytes)
    samplers[job.samplerID]?.noteEnd(job.requestID, cloneID: job.cloneID, byteCount: byteCount)
  }

  /// Gives up a sample. Other requests are left alone: they are part of an order.
  func cancel(_ requestID: String) {
    if let job = sampleLine.remove(requestID) {
      end(job, outcome(of: CancellationError()), nil)
    } else {
      runningSamples[requestID]?.cancel()
    }
  }

  /// What has ended of a sampler's requests after a cursor.
  func completions(_ request: RetrieveManyRequest) throws(Refusal) -> (
    json: JSONValue, isEmpty: Bool, bell: Bell, rings: Int
  ) {
    let sampler = try sampler(request.samplerID)
    let found = sampler.completions.filter {
      $0.cursor > request.cursor && $0.cloneID == request.cloneID
    }
    for id in request.retrieved { futures.noteFetched(id) }
    let rows = found.map { completion in
      JSONValue.members([
        "state": completion.byteCount == nil ? "failed" : "finished",
        "request_id": .text(completion.requestID),
        "response_payload_uncompressed_size": .int(completion.byteCount),
      ])
    }
    let json = JSONValue.members([
      "completions": .array(rows),
      "cursor": .int(max(request.cursor, found.last?.cursor ?? request.cursor)),
    ])
    return (json, found.isEmpty, sampler.bell, sampler.bell.rings)
  }

  // MARK: Notes for the status page

  private static let maximumNotes = 20

  func note(
    _ response: SampleResponse, of request: SampleRequest, _ weights: SampledWeights
  ) async {
    guard let sequence = response.sequences.first, !sequence.tokens.isEmpty else { return }
    let tokenizer = try? await service.tokenizer(ofModel: weights.baseModel)
    func text(_ tokens: [UInt32]) -> String {
      tokenizer?.decode(tokens) ?? tokens.map(String.init).joined(separator: " ")
    }
    let prompt = request.prompt.chunks.map { chunk in
      if case .tokens(let tokens) = chunk { text(Array(tokens.suffix(200))) } else { "[image]" }
    }.joined()
    recentSamples.append(
      SampleNote(
        time: Machine.now, model: weights.path ?? weights.baseModel,
        prompt: String(prompt.suffix(400)),
        text: String(text(Array(sequence.tokens.prefix(200))).prefix(800))))
    if recentSamples.count > Self.maximumNotes { recentSamples.removeFirst() }
  }
}
