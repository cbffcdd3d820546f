import TinkerData
import TinkerJSON
import TinkerLocal
import TinkerWire

extension Responder {
  /// Results that are larger are announced by their size first, where the client takes that.
  private static let announcedBytes = 1 << 20

  /// Sessions, samplers and futures.
  func answerSession(
    _ route: Route, _ parameters: [String], _ request: ServerRequest
  ) async throws -> ServerReply? {
    switch route {
    case .clientConfig: return .json(.object(JSONObject()))
    case .dynamicConfig:
      return .json(["refresh_interval_sec": 300, "sample_cancel_enabled": true])
    case .apiKey:
      return .json(["key_id": 1, "name": "local", "note": "a key of this server", "details": nil])
    case .telemetry: return .json(["status": "accepted"])
    case .createSession:
      return .json(
        await core.createSession(try CreateSessionRequest(json: try json(request))))
    case .heartbeat:
      return .json(try await core.heartbeat(try member("session_id", request)))
    case .finishSession:
      await core.finish(session: parameters[0])
      return .empty
    case .capabilities:
      let models = try await core.service.supportedModels()
      return .json(.members(["supported_models": .array(models.map(\.json))]))
    case .createSamplingSession:
      let body = try CreateSamplingSessionRequest(json: try json(request))
      return .json(try await core.createSampler(body))
    case .joinSamplingSession:
      return .json(try await core.joinSampler(try member("sampling_session_id", request)))
    case .sampler: return .json(try await core.samplerInfo(parameters[0]).json)
    case .sample:
      let message = try SampleMessage(json: try json(request))
      return .json(try await core.submit(message, bytes: request.body.count).json)
    case .retrieveFuture:
      return try await retrieve(try RetrieveRequest(json: try json(request)), request)
    case .retrieveFutures: return try await retrieveMany(request)
    case .cancelFuture:
      await core.cancel(try member("request_id", request))
      return .empty
    default: return nil
    }
  }

  private func member(_ name: String, _ request: ServerRequest) throws -> String {
    try JSONFields(try json(request), at: "body").string(name)
  }

  private func retrieve(
    _ query: RetrieveRequest, _ request: ServerRequest
  ) async throws -> ServerReply {
    let id = query.requestID
    switch await core.futures.answer(id, within: core.options.pollLimit) {
    case .unknown: throw Refusal(404, "there is no request \(id.prefix(200))")
    case .lost:
      throw Refusal(
        410,
        "the result of \(id.prefix(200)) is gone: it was fetched long ago, or the server was"
          + " started anew")
    case .pending:
      let reason = await core.reason(ofWaiting: id)
      return .json(FutureReply.pending(.active, reason: reason).json(requestID: id))
    case .ended(let outcome):
      if query.allowsMetadata, outcome.byteCount > Self.announcedBytes {
        return .json(FutureReply.metadata(byteCount: outcome.byteCount).json(requestID: id))
      }
      core.futures.noteFetched(id)
      return try reply(outcome, id, protobuf: request.acceptsProtobuf)
    }
  }

  /// A result in the form that the client reads.
  private func reply(
    _ outcome: Futures.Outcome, _ id: String, protobuf: Bool
  ) throws -> ServerReply {
    switch outcome {
    case .failed(let message, let category):
      .json(FutureReply.failed(message: message, category: category).json(requestID: id))
    case .json(let bytes): .json(bytes)
    case .pass(let bytes):
      protobuf
        ? .bytes(bytes, type: ContentType.protobuf)
        : .json(try ForwardBackwardOutput(serialized: bytes).json)
    case .sample(let bytes):
      protobuf
        ? .bytes(bytes, type: ContentType.protobuf)
        : .json(try SampleResponse(serialized: bytes).json)
    }
  }

  private func retrieveMany(_ request: ServerRequest) async throws -> ServerReply {
    let query = try RetrieveManyRequest(json: try json(request))
    let clock = ContinuousClock()
    let end = clock.now + core.options.pollLimit
    while true {
      let found = try await core.completions(query)
      let left = clock.now.duration(to: end)
      if !found.isEmpty || query.isImmediate || left <= .zero || Task.isCancelled {
        return .json(found.json)
      }
      await found.bell.wait(since: found.rings, atMost: left)
    }
  }
}
