import Testing
import TinkerRendering
import TinkerTraining

/// The figures of the demonstration: fifty answers learned by heart.
@Suite(.enabled(if: Proofs.areOn, Proofs.hint)) struct SupervisedProof {
  @Test func fiftyOfFifty() async throws {
    try await TinyRun.withFolder { folder in
      let demonstration = try Demonstration(folder)
      let facts = try demonstration.facts()
      let data = try ConversationData(facts, renderer: demonstration.renderer)
      #expect(data.counts.examples == 50 && data.counts.tokens >= 1041)
      #expect(data.counts.lossTokens >= 384)
      let witness = Witness()
      let recipe = try SupervisedTraining(
        data, batchSize: 8, steps: 150,
        settings: RunSettings(learningRate: 3e-3, savesAtEnd: false),
        tokenizer: demonstration.renderer.tokenizer)
      let trainer = try await demonstration.trainer()
      let clock = ContinuousClock()
      let start = clock.now
      _ = try await recipe.run(Demonstration.participants("sft", trainer, [witness]))
      let took = clock.now - start
      let losses = witness.curve("train_mean_nll")
      #expect(losses[149] < losses[0] / 10)
      let found = try await AnswerEvaluator(facts, renderer: demonstration.renderer)
        .evaluate(trainer, step: 150)
      #expect(found.metrics["test/exact_count"] == 50)
      let gap = witness.curve("time/gap").reduce(0, +) / 149
      let shown = [0, 20, 50, 100, 149].map { losses[$0] }
      print("sft: loss at 0, 20, 50, 100, 149:", shown, "took", took, "mean gap", gap)
    }
  }
}
