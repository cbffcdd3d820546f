internal import TinkerData

extension Engine {
  /// A request whose sequences grow.
  final class ActiveSample {
    let id: UInt64
    let pass: DecoderPass
    let generation: Generation
    let continuation: CheckedContinuation<SampleResponse, any Error>
    private let progress: (@Sendable (Int, [UInt32]) -> Void)?
    private var told: [Int]

    init(
      _ id: UInt64, _ pass: DecoderPass, _ generation: Generation,
      _ progress: (@Sendable (Int, [UInt32]) -> Void)?,
      _ continuation: CheckedContinuation<SampleResponse, any Error>
    ) {
      self.id = id
      self.pass = pass
      self.generation = generation
      self.progress = progress
      self.continuation = continuation
      told = [Int](repeating: 0, count: generation.sequences.count)
    }

    /// Tells the tokens that were drawn since the last time.
    func tell() {
      guard let progress else { return }
      for (index, sequence) in generation.sequences.enumerated()
      where sequence.tokens.count > told[index] {
        progress(index, Array(sequence.tokens[told[index]...]))
        told[index] = sequence.tokens.count
      }
    }
  }

  /// The most samples of one request.
  static let maximumSamples = 4096

  /// Draws the sequences of a request. Requests on the same weights decode as one batch.
  ///
  /// - Parameters:
  ///   - number: The sampler.
  ///   - request: The request.
  ///   - progress: Told the number of a sequence and its new tokens, in order.
  /// - Returns: The response.
  /// - Throws: `LocalError` for what cannot be done, and `CancellationError`.
  func sample(
    sampler number: Int, _ request: SampleRequest,
    progress: (@Sendable (Int, [UInt32]) -> Void)? = nil
  ) async throws -> SampleResponse {
    let sampler = try sampler(number)
    do { try request.validate() } catch { throw LocalError.request("\(error)") }
    guard request.numSamples <= Self.maximumSamples else {
      throw LocalError.request(
        "num_samples is \(request.numSamples); at most \(Self.maximumSamples) are drawn at once")
    }
    let prompt = try sampler.model.sequence(request.prompt, place: "the prompt")
    let generation = try Generation(
      request, prompt: prompt, pass: sampler.pass, tokenizer: sampler.model.tokenizer)
    if generation.isFinished {
      for (index, sequence) in generation.sequences.enumerated() {
        progress?(index, sequence.tokens)
      }
      return generation.finish()
    }
    let id = RandomStream.systemSeed()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        active.append(ActiveSample(id, sampler.pass, generation, progress, continuation))
        if !isDecoding {
          isDecoding = true
          Task { await decodeAll() }
        }
      }
    } onCancel: {
      Task { await self.abandon(id) }
    }
  }

  /// Gives up a request whose caller no longer waits.
  private func abandon(_ id: UInt64) {
    guard let index = active.firstIndex(where: { $0.id == id }) else { return }
    active.remove(at: index).continuation.resume(throwing: CancellationError())
  }

  /// Decodes until no request is left. Between two steps others may use the engine.
  private func decodeAll() async {
    while let first = active.first {
      step(first.pass)
      finishEnded()
      // The next weights in turn, so that no sampler waits for another to finish.
      if let index = active.firstIndex(where: { $0.pass !== first.pass }) {
        active = Array(active[index...] + active[..<index])
      }
      await Task.yield()
    }
    isDecoding = false
  }

  /// Grows the sequences of one set of weights by a token each.
  private func step(_ pass: DecoderPass) {
    var live: [(generation: Generation, sequence: Generation.Sequence)] = []
    for sample in active where sample.pass === pass {
      for sequence in sample.generation.sequences where sequence.next != nil {
        live.append((sample.generation, sequence))
      }
    }
    for start in stride(from: 0, to: live.count, by: pass.headBlock) {
      let part = live[start..<min(live.count, start + pass.headBlock)]
      let block = pass.decode(part.compactMap(\.sequence.next))
      let rows = Array(part)
      // Sequences are independent, so threads may choose their tokens at once.
      compute.pool.run(rows.count, cost: rows.count * block.logits.columns * 20) { row, _ in
        rows[row].generation.take(block, row: row, for: rows[row].sequence)
      }
    }
  }

  private func finishEnded() {
    for sample in active { sample.tell() }
    for sample in active where sample.generation.isFinished {
      sample.continuation.resume(returning: sample.generation.finish())
    }
    active.removeAll { $0.generation.isFinished }
  }
}
