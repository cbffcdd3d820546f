package import TinkerData
package import TinkerTokenizer

/// One request at work: its prompt, its sequences, and what it reports.
package final class Generation {
  /// A sequence that grows.
  package final class Sequence {
    /// The tokens so far.
    package fileprivate(set) var tokens: [UInt32] = []
    /// Their log-probabilities.
    fileprivate(set) var logprobs: [Float] = []
    /// The best tokens at each token, if asked for.
    fileprivate var best: [[TokenLogprob]?] = []
    /// Why the sequence ended, once it has.
    package fileprivate(set) var stopReason: SampledSequence.StopReason?
    fileprivate var stream: RandomStream
    fileprivate var text: StopText?
    fileprivate let cache: KeyValueCache
    fileprivate var time: Int

    fileprivate init(stream: RandomStream, text: StopText?, cache: KeyValueCache, time: Int) {
      self.stream = stream
      self.text = text
      self.cache = cache
      self.time = time
    }

    /// What the next pass takes, or `nil` when the sequence has ended.
    package var next: DecoderPass.NextToken? {
      guard stopReason == nil, let token = tokens.last else { return nil }
      return DecoderPass.NextToken(token: token, time: time, cache: cache)
    }
  }

  /// The sequences.
  package private(set) var sequences: [Sequence] = []
  private let request: SampleRequest
  private let choice: TokenChoice
  private let kernel: NativeKernel
  private let limit: Int
  private let stops: Set<UInt32>
  private let topK: Int
  private var response = SampleResponse(sequences: [])

  /// Reads the prompt, reports on it, and chooses the first token of each sequence.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - prompt: Its prompt with the images' features.
  ///   - pass: The weights.
  ///   - tokenizer: Decodes for stop texts; `nil` refuses them.
  /// - Throws: `LocalError.request` for what cannot be done, and `CancellationError`.
  package init(
    _ request: SampleRequest, prompt: TokenSequence, pass: DecoderPass, tokenizer: Tokenizer?
  ) throws {
    self.request = request
    let c = pass.configuration
    choice = try Self.choice(request.params)
    guard request.promptAltTokensK <= Self.maximumAltTokens else {
      throw LocalError.request(
        "prompt_alt_tokens_k is \(request.promptAltTokensK); at most \(Self.maximumAltTokens) are"
          + " drawn")
    }
    kernel = pass.compute.kernel
    topK = min(request.topKSampleLogprobs, c.vocabularySize)
    limit = try Self.limit(request, prompt.tokens.count, c)
    stops = try Self.stopTokens(request.params.stop, c)
    let text = try StopText(request.params.stop, tokenizer: tokenizer)

    let cache = KeyValueCache(c)
    let trace = try pass.prefill(prompt, into: cache)
    let report = PromptReport(request, prompt, choice)
    response = try report.run(pass, trace)
    let last = trace.output.rows(trace.output.rows - 1..<trace.output.rows)
    let block = pass.head(last)
    let seed = request.params.seed ?? RandomStream.systemSeed()
    for index in 0..<request.numSamples {
      let sequence = Sequence(
        stream: RandomStream(seed: seed, name: "sample:\(index)"), text: text,
        cache: index == request.numSamples - 1 ? cache : cache.fork(), time: prompt.nextTime)
      if limit == 0 {
        sequence.stopReason = .length
      } else {
        take(block, row: 0, for: sequence, isFirst: true)
      }
      sequences.append(sequence)
    }
  }

  /// The most tokens drawn at each prompt position.
  private static let maximumAltTokens = 4096

  private static func choice(_ params: SamplingParams) throws(LocalError) -> TokenChoice {
    guard params.temperature.isFinite, params.temperature >= 0 else {
      throw .request("temperature is \(params.temperature); a number from 0 is needed")
    }
    guard params.topP > 0, params.topP <= 1 else {
      throw .request("top_p is \(params.topP); a number above 0 and at most 1 is needed")
    }
    return TokenChoice(
      temperature: params.temperature, topK: params.topK, topP: params.topP)
  }

  /// The longest output: what is asked for, at most what the context leaves.
  private static func limit(_ request: SampleRequest, _ length: Int, _ c: ModelConfiguration)
    throws(LocalError) -> Int
  {
    let room = c.contextLength - length
    guard let asked = request.params.maxTokens else { return room }
    guard asked >= 0 else { throw .request("max_tokens is \(asked); a number from 0 is needed") }
    return min(asked, room)
  }

  /// The tokens that end a sequence: the model's own, and those asked for; none for an empty list.
  private static func stopTokens(_ stop: SamplingParams.Stop?, _ c: ModelConfiguration)
    throws(LocalError) -> Set<UInt32>
  {
    let ends = Set(c.endTokens)
    switch stop {
    case nil: return ends
    case .strings(let texts): return texts.isEmpty ? [] : ends
    case .tokens(let tokens):
      if let outside = tokens.first(where: { $0 >= c.vocabularySize }) {
        throw .request("stop token \(outside) is no token of a vocabulary of \(c.vocabularySize)")
      }
      return tokens.isEmpty ? [] : ends.union(tokens)
    }
  }

  /// Chooses the next token of a sequence from a row of logits.
  package func take(
    _ block: DecoderPass.HeadBlock, row: Int, for sequence: Sequence, isFirst: Bool = false
  ) {
    let logits = block.logits.rows(row..<row + 1).rowValues
    let logSum = block.logSums[row, 0]
    let draw = choice.temperature == 0 ? 0 : sequence.stream.uniform()
    let token = choice.token(logits, draw: draw, kernel)
    sequence.tokens.append(UInt32(token))
    sequence.logprobs.append(logits[token] - logSum)
    if topK > 0 { sequence.best.append(PromptReport.best(topK, logits, logSum)) }
    if !isFirst { sequence.time += 1 }
    let stopsText = sequence.text?.contains(after: UInt32(token)) ?? false
    if stops.contains(UInt32(token)) || stopsText {
      sequence.stopReason = .stop
    } else if sequence.tokens.count >= limit {
      sequence.stopReason = .length
    }
  }

  /// Whether all sequences have ended.
  package var isFinished: Bool { sequences.allSatisfy { $0.stopReason != nil } }

  /// The answer.
  package func finish() -> SampleResponse {
    response.sequences = sequences.map {
      SampledSequence(
        tokens: $0.tokens, logprobs: $0.logprobs, stopReason: $0.stopReason ?? .length,
        topKLogprobs: topK > 0 ? $0.best : nil)
    }
    return response
  }
}
