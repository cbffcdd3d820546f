import TinkerData
import TinkerLocal
import TinkerRendering
import TinkerTokenizer
import TinkerVision
import TinkerWire

extension ServerCore {
  private static let completingPrefix = "oai:"
  private static let maximumCompleting = 64

  /// The sampler of a model, or a checkpoint, that a completion names: a base model, a path, or both with
  /// a semicolon between.
  func completingSampler(_ name: String) async throws(Refusal) -> (id: String, baseModel: String) {
    let parts = name.split(separator: ";", maxSplits: 1).map(String.init)
    let path = parts.last.flatMap { $0.hasPrefix("tinker://") ? $0 : nil }
    let weights: SampledWeights
    if let path {
      weights = try shared(path: path, claimed: parts.count == 2 ? parts[0] : nil)
    } else {
      weights = try shared(baseModel: name)
    }
    let id = Self.completingPrefix + name
    if samplers[id]?.weights !== weights {
      let others = samplers.keys.filter { $0.hasPrefix(Self.completingPrefix) }
      if others.count >= Self.maximumCompleting { for other in others { samplers[other] = nil } }
      samplers[id] = ServedSampler(id: id, sessionID: "", weights: weights)
    }
    _ = try await loaded(weights)
    return (id, weights.baseModel)
  }

  /// Draws sequences in the line of all samples.
  func complete(
    _ samplerID: String, _ request: SampleRequest,
    progress: (@Sendable (Int, [UInt32]) -> Void)? = nil
  ) async throws -> SampleResponse {
    let sampler = try sampler(samplerID)
    sampler.clones += 1
    let message = SampleMessage(
      sessionID: samplerID, sequenceNumber: sampler.clones, recordsStability: false,
      request: request)
    let id = try submit(message, bytes: 0, progress: progress).requestID
    return try await withTaskCancellationHandler {
      while true {
        switch await futures.answer(id, within: options.pollLimit) {
        case .ended(.sample(let bytes)):
          futures.noteFetched(id)
          return try SampleResponse(serialized: bytes)
        case .ended(.failed(let message, let category)):
          throw Refusal(category == .user ? 400 : 500, message)
        case .pending: try Task.checkCancellation()
        case .ended, .lost, .unknown: throw Refusal(500, "the result was lost")
        }
      }
    } onCancel: {
      Task { await self.cancel(id) }
    }
  }

  /// The tokens that end a sequence of a model.
  func endTokens(_ name: String) -> [UInt32] {
    let model = options.local.models.first { $0.name == name }
    return (try? model?.configuration())?.endTokens ?? []
  }

  /// The renderer of a model's chats.
  nonisolated func renderer(
    _ baseModel: String, _ tokenizer: Tokenizer
  ) throws(Refusal) -> Renderer {
    let configuration = try? options.local.models.first { $0.name == baseModel }?.configuration()
    let vision = configuration?.vision
    let name =
      options.renderers[baseModel] ?? (try? Renderer.recommended(forModel: baseModel).first)
      ?? (vision == nil ? "qwen3" : "qwen3_vl")
    do {
      guard let vision else { return try Renderer(named: name, tokenizer: tokenizer) }
      let size = try QwenSizeRule(
        patchSize: vision.patchSize, mergeSize: vision.mergeSize, minPixels: vision.minPixels,
        maxPixels: vision.maxPixels)
      return try Renderer(
        named: name, tokenizer: tokenizer, images: VisionChunkMaker(size: .qwen(size)))
    } catch { throw Refusal(400, "the renderer \(name) cannot be used: \(error)") }
  }
}
