internal import TinkerData

/// What a request asks about its own prompt.
struct PromptReport {
  private let request: SampleRequest
  private let prompt: TokenSequence
  private let choice: TokenChoice
  private let isImage: [Bool]

  init(_ request: SampleRequest, _ prompt: TokenSequence, _ choice: TokenChoice) {
    self.request = request
    self.prompt = prompt
    self.choice = choice
    var isImage = [Bool](repeating: false, count: prompt.tokens.count)
    for image in prompt.images { for row in image.rows(from: 0) { isImage[row] = true } }
    self.isImage = isImage
  }

  private var isNeeded: Bool {
    request.promptLogprobs || request.topKPromptLogprobs > 0 || request.promptAltTokensK > 0
      || request.targetPromptLogprobs != nil
  }

  /// Scores the prompt. Position j is scored by the logits of position j − 1; the first has no score, and
  /// neither have image positions.
  func run(_ pass: DecoderPass, _ trace: DecoderPass.Trace) throws -> SampleResponse {
    var response = SampleResponse(sequences: [])
    let count = prompt.tokens.count
    let vocabulary = pass.configuration.vocabularySize
    let targets = try targets(count, vocabulary)
    guard isNeeded else { return response }
    let first = max(1, request.promptLogprobsLastN.map { count - $0 } ?? 1)
    var logprobs = [Float?](repeating: nil, count: count)
    var best = [[TokenLogprob]?](repeating: nil, count: count)
    var scores = [Float](repeating: 0, count: targets?.count ?? 0)
    let columns = request.targetPromptLogprobs?.shape[1] ?? 0
    let draws = request.promptAltTokensK
    var altTokens = [Int64](repeating: 0, count: max(0, count - 1) * draws)
    var altLogprobs = [Float](repeating: 0, count: altTokens.count)
    let seed = request.params.seed ?? RandomStream.systemSeed()

    for start in stride(from: 0, to: count - 1, by: pass.headBlock) {
      try Task.checkCancellation()
      let rows = start..<min(count - 1, start + pass.headBlock)
      let block = pass.head(trace.output.rows(rows))
      for row in rows {
        let position = row + 1
        let logits = block.logits.rows(row - start..<row - start + 1).rowValues
        let logSum = block.logSums[row - start, 0]
        if position >= first && !isImage[position] {
          logprobs[position] = logits[Int(prompt.tokens[position])] - logSum
          if request.topKPromptLogprobs > 0 {
            best[position] = Self.best(
              min(request.topKPromptLogprobs, vocabulary), logits, logSum)
          }
        }
        for column in 0..<columns {
          let index = row * columns + column
          if let target = targets?[index], target >= 0 { scores[index] = logits[target] - logSum }
        }
        var stream = RandomStream(seed: seed, name: "alt:\(position)")
        for draw in 0..<draws {
          let token = TokenChoice(temperature: choice.temperature).token(
            logits, draw: stream.uniform(), pass.compute.kernel)
          altTokens[row * draws + draw] = Int64(token)
          altLogprobs[row * draws + draw] = logits[token] - logSum
        }
      }
    }
    if request.promptLogprobs { response.promptLogprobs = logprobs }
    if request.topKPromptLogprobs > 0 { response.topKPromptLogprobs = best }
    if targets != nil {
      response.targetPromptLogprobs = try TensorData(
        elements: .floats(scores), shape: [count - 1, columns])
    }
    if draws > 0 {
      let shape = [max(0, count - 1), draws]
      response.promptAltTokens = SampleResponse.AltTokens(
        tokens: try TensorData(elements: .integers(altTokens), shape: shape),
        logprobs: try TensorData(elements: .floats(altLogprobs), shape: shape))
    }
    return response
  }

  /// The ids to score, −1 where there is none.
  private func targets(_ count: Int, _ vocabulary: Int) throws(LocalError) -> [Int]? {
    guard let tensor = request.targetPromptLogprobs?.dense else { return nil }
    guard case .integers(let ids) = tensor.elements, tensor.shape.count == 2,
      tensor.shape[0] == count - 1, ids.count == tensor.shape[0] * tensor.shape[1]
    else {
      throw .request(
        "target_prompt_logprobs has the shape \(tensor.shape); integers [\(count - 1), K] are needed"
      )
    }
    if let outside = ids.first(where: { $0 < -1 || $0 >= vocabulary }) {
      throw .request(
        "target_prompt_logprobs: \(outside) is no token of a vocabulary of \(vocabulary)")
    }
    return ids.map { Int($0) }
  }

  /// The best tokens of a row of logits, best first.
  static func best(_ count: Int, _ logits: [Float], _ logSum: Float) -> [TokenLogprob] {
    BestTokens.first(count, of: logits).map {
      TokenLogprob(token: UInt32($0), logprob: logits[$0] - logSum)
    }
  }
}
