import TinkerData
import TinkerJSON
import TinkerLocal
import TinkerWire

extension Responder {
  /// Models and their ordered requests.
  func answerModel(_ route: Route, _ request: ServerRequest) async throws -> ServerReply? {
    switch route {
    case .createModel:
      return .json(
        try await core.createModel(try CreateModelRequest(json: try json(request))).json)
    case .modelInfo:
      let id = try JSONFields(try json(request), at: "get_info").string("model_id")
      return .json(try await core.modelInfo(id).json)
    case .unloadModel:
      let id = try JSONFields(try json(request), at: "unload_model").string("model_id")
      await core.release(model: id)
      return .json(SubmissionReply(requestID: await core.done(model: id), modelID: id).json)
    case .forwardBackward, .forward: return try await pass(request)
    case .optimStep, .saveWeights, .saveWeightsForSampler, .saveWeightsExternal, .loadWeights:
      let body = try json(request)
      do { return .json(try await submit(route, body, request.body.count).json) } catch {
        await noteRefusal(error, RequestPlace(json: body))
        throw error
      }
    case .createCustomLoss:
      throw Refusal(
        400,
        "this server keeps no custom losses; use forward_backward_custom, which computes them"
          + " in the client")
    default: return nil
    }
  }

  private func pass(_ request: ServerRequest) async throws -> ServerReply {
    var body = request.body
    if let encoding = request.headers["content-encoding"], encoding != "identity" {
      guard encoding == "zstd" else {
        throw Refusal(415, "a body is encoded by zstd or not at all, not by \(encoding)")
      }
      guard let plain = Zstd.decompress(body, limit: core.options.maximumBodyBytes) else {
        throw Refusal(
          400, "the body is no zstd frame of at most \(core.options.maximumBodyBytes) bytes")
      }
      body = plain
    }
    var place: RequestPlace?
    do {
      let pass: ForwardBackwardRequest
      if request.headers["content-type"]?.contains(ContentType.protobuf) == true {
        pass = try ForwardBackwardRequest(serialized: body)
      } else {
        let json = try JSONValue.parse(body)
        place = RequestPlace(json: json)
        pass = try ForwardBackwardRequest(json: json)
      }
      place = RequestPlace(modelID: pass.modelID, sequenceNumber: pass.sequenceNumber)
      guard pass.sequenceNumber >= 0 else {
        throw Refusal(422, "seq_id is \(pass.sequenceNumber); a number from 1 is needed")
      }
      return .json(
        try await core.order(
          modelID: pass.modelID, number: pass.sequenceNumber, bytes: body.count,
          .pass(data: pass.data, loss: pass.loss, isForwardOnly: pass.isForwardOnly)
        ).json)
    } catch {
      await noteRefusal(error, place)
      throw error
    }
  }

  /// A refused submission counts as arrived, except one that will come again.
  private func noteRefusal(_ error: any Error, _ place: RequestPlace?) async {
    guard let place, place.sequenceNumber > 0 else { return }
    if let refusal = error as? Refusal, refusal.status == 429 || refusal.status >= 500 { return }
    await core.refuse(place)
  }

  private func submit(
    _ route: Route, _ body: JSONValue, _ bytes: Int
  ) async throws -> SubmissionReply {
    switch route {
    case .optimStep:
      let request = try OptimStepRequest(json: body)
      guard let adam = request.adam else {
        throw Refusal(400, "the only optimizer is AdamW, whose settings are adam_params")
      }
      return try await core.order(
        modelID: request.modelID, number: request.sequenceNumber, bytes: bytes, .step(adam))
    case .loadWeights:
      let request = try LoadWeightsRequest(json: body)
      switch request.target {
      case .new(let sessionID, let number, let metadata):
        return try await core.loadNewModel(
          request, sessionID: sessionID, number: number, userMetadata: metadata)
      case .existing(let modelID, let number):
        _ = try core.catalog.weightsInfo(path: request.path)
        return try await core.order(
          modelID: modelID, number: number, bytes: bytes,
          .load(path: request.path, withOptimizer: request.withOptimizer))
      }
    default: return try await save(route, try SaveRequest(json: body), bytes)
    }
  }

  private func save(
    _ route: Route, _ request: SaveRequest, _ bytes: Int
  ) async throws -> SubmissionReply {
    if let seconds = request.secondsToLive, !Catalog.timesToLive.contains(seconds) {
      throw Refusal(400, Catalog.wrongTimeToLive(seconds))
    }
    if !request.recipients.isEmpty {
      throw Refusal(
        400, "age_encryption_recipients: this server does not encrypt external weights")
    }
    let work: TrainedModel.Work
    if request.name != nil {
      let segment: CheckpointStore.Segment =
        switch route {
        case .saveWeights: .weights
        case .saveWeightsExternal: .external
        default: .sampler
        }
      work = .save(request, segment)
    } else {
      guard route == .saveWeightsForSampler, let number = request.samplerNumber,
        let session = request.modelID.firstRange(of: ":train:")
      else { throw Refusal(422, "path, the name of the checkpoint, is missing") }
      work = .makeSampler(
        id: "\(request.modelID[..<session.lowerBound]):sample:\(number)",
        isInflight: request.isInflight)
    }
    return try await core.order(
      modelID: request.modelID, number: request.sequenceNumber, bytes: bytes, work)
  }
}
