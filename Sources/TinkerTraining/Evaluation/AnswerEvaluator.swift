public import TinkerData
public import TinkerRendering
internal import TinkerTokenizer

/// Asks questions, takes the most probable answers, and counts those that are exactly right.
public struct AnswerEvaluator: Evaluator {
  private let conversations: [Conversation]
  private let renderer: Renderer
  private let name: String
  private let maxTokens: Int
  private let samplesShown: Int

  /// An evaluator.
  ///
  /// - Parameters:
  ///   - conversations: Conversations whose last message is the right answer.
  ///   - renderer: Who renders the questions.
  ///   - name: What stands before the metric: `test` gives `test/exact`.
  ///   - maxTokens: The most tokens of an answer.
  ///   - samplesShown: How many answers observers get to see.
  public init(
    _ conversations: [Conversation], renderer: Renderer, name: String = "test",
    maxTokens: Int = 64, samplesShown: Int = 5
  ) {
    self.conversations = conversations.filter { !$0.messages.isEmpty }
    self.renderer = renderer
    self.name = name
    self.maxTokens = maxTokens
    self.samplesShown = samplesShown
  }

  /// The share of right answers, as `exact`, and how many of how many, as `exact_count`.
  ///
  /// - Throws: `RenderingError`, or what the backend throws.
  public func evaluate(_ trainer: any TrainingBackend, step: Int) async throws -> Evaluation {
    let answers = try await answers(of: try await trainer.makeSampler().value)
    var right = 0
    var samples: [RunSample] = []
    for answer in answers {
      if answer.isRight { right += 1 }
      guard samples.count < samplesShown else { continue }
      samples.append(sample(of: answer, step: step))
    }
    let share = answers.isEmpty ? 0 : Double(right) / Double(answers.count)
    return Evaluation(
      metrics: [name + "/exact": share, name + "/exact_count": Double(right)], samples: samples)
  }

  /// A question with the answer that was given.
  public struct Answer: Sendable, Hashable {
    /// The prompt.
    public var prompt: ModelInput
    /// What the model wrote.
    public var sequence: SampledSequence
    /// Its text.
    public var text: String
    /// What it should have been.
    public var expected: String
    /// Whether it is, and ended as it should.
    public var isRight: Bool
  }

  /// Asks a sampler.
  ///
  /// - Returns: The answers in the order of the conversations.
  /// - Throws: `RenderingError`, or what the backend throws.
  public func answers(of sampler: any SamplingBackend) async throws -> [Answer] {
    try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
      for (index, conversation) in conversations.enumerated() {
        group.addTask { (index, try await answer(to: conversation, by: sampler)) }
      }
      var out = [Answer?](repeating: nil, count: conversations.count)
      for try await (index, answer) in group { out[index] = answer }
      return out.compactMap { $0 }
    }
  }

  private func answer(
    to conversation: Conversation, by sampler: any SamplingBackend
  ) async throws -> Answer {
    let messages = try renderer.messages(of: conversation)
    let expected = messages.last?.content.joinedText ?? ""
    let prompt = try renderer.generationPrompt(for: Array(messages.dropLast())).modelInput
    let request = SampleRequest(
      prompt: prompt,
      params: SamplingParams(maxTokens: maxTokens, stop: renderer.samplingStop, temperature: 0))
    guard let sequence = try await sampler.sample(request).sequences.first else {
      throw TrainingError.backend("a sample was asked for, and none came")
    }
    let response = try renderer.parse(sequence.tokens)
    let text = response.message.content.joinedText
    return Answer(
      prompt: prompt, sequence: sequence, text: text, expected: expected,
      isRight: response.termination.isClean && text.utf8.elementsEqual(expected.utf8))
  }

  private func sample(of answer: Answer, step: Int) -> RunSample {
    let tokenizer = renderer.tokenizer
    var tokens = FlatInput(answer.prompt).tokens.map {
      RunSample.Token(id: $0, bytes: tokenizer.decodeBytes([$0]))
    }
    let logprobs = answer.sequence.logprobs ?? []
    for (index, token) in answer.sequence.tokens.enumerated() {
      tokens.append(
        RunSample.Token(
          id: token, bytes: tokenizer.decodeBytes([token]),
          logprob: index < logprobs.count ? logprobs[index] : 0))
    }
    return RunSample(
      step: step, title: name, tokens: tokens, reward: answer.isRight ? 1 : 0,
      expected: answer.expected)
  }
}
