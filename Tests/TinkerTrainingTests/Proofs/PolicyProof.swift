import Testing
import TinkerData
import TinkerLocal
import TinkerRendering
import TinkerTraining

/// The figures of reinforcement learning, preference and distillation.
@Suite(.enabled(if: Proofs.areOn, Proofs.hint)) struct PolicyProof {
  /// A model whose samples are a random digit and its end.
  static func warmedUp(_ demonstration: Demonstration) async throws -> any TrainingBackend {
    let trainer = try await demonstration.trainer()
    let data = try ConversationData(
      try TrainingRecords.conversations(path: Demonstration.file("digits-warmup")),
      renderer: demonstration.renderer)
    let recipe = try SupervisedTraining(
      data, batchSize: 20, steps: 60,
      settings: RunSettings(learningRate: 2e-3, schedule: .constant, savesAtEnd: false))
    _ = try await recipe.run(Demonstration.participants("sft", trainer, []))
    return trainer
  }

  static func tasks(_ name: String, _ renderer: Renderer) throws -> [EnvironmentGroup] {
    try TrainingRecords.questions(path: Demonstration.file(name)).map {
      EnvironmentGroup(
        AnswerTask($0.messages, expected: $0.answer), title: "digit", expected: $0.answer,
        renderer: renderer)
    }
  }

  @Test func findsTheSecretDigit() async throws {
    try await TinyRun.withFolder { folder in
      let demonstration = try Demonstration(folder)
      let trainer = try await Self.warmedUp(demonstration)
      let witness = Witness()
      let recipe = try PolicyTraining(
        try Self.tasks("secret", demonstration.renderer),
        sampling: .init(groupsPerStep: 1, groupSize: 64, maxTokens: 4), steps: 16,
        settings: RunSettings(learningRate: 1e-3, schedule: .constant, savesAtEnd: false),
        measuresPostKL: true, tokenizer: demonstration.renderer.tokenizer)
      let clock = ContinuousClock()
      let start = clock.now
      _ = try await recipe.run(Demonstration.participants("rl", trainer, [witness]))
      let rewards = witness.curve("env/all/reward/total")
      print("rl, secret digit: rewards", rewards, "took", clock.now - start)
      let best = rewards.max() ?? 0
      #expect(rewards[0] < 0.3 && best > 0.9)
      // The sampler and the trainer agree bit for bit.
      #expect(witness.curve("optim/sample_train_gap_max").allSatisfy { $0 == 0 })
      #expect(witness.curve("kl_pre_post_v2").allSatisfy { $0 > 0 })
      #expect(witness.steps.contains { $0["groups/constant"] == 0 })
    }
  }

  @Test func learnsPreferences() async throws {
    try await TinyRun.withFolder { folder in
      let demonstration = try Demonstration(folder)
      let data = try PreferenceData(
        try TrainingRecords.pairs(path: Demonstration.file("preferences")),
        renderer: demonstration.renderer)
      let witness = Witness()
      let recipe = try PreferenceTraining(
        data, batchSize: 20, steps: 20,
        settings: RunSettings(learningRate: 1e-3, schedule: .constant, savesAtEnd: false))
      _ = try await recipe.run(
        Demonstration.participants("dpo", try await demonstration.trainer(), [witness]),
        service: demonstration.service)
      let margins = witness.curve("margin")
      print("dpo: margins", margins, "losses", witness.curve("dpo_loss"))
      // The start weights and the trainer agree bit for bit.
      #expect(margins[0] == 0)
      #expect(abs((witness.curve("accuracy").last ?? 0) - 1) < 1e-9)
      #expect(margins[19] > margins[10] && margins[10] > margins[3])
    }
  }

  @Test func learnsFromATeacher() async throws {
    try await TinyRun.withFolder { folder in
      let demonstration = try Demonstration(folder)
      let facts = try demonstration.facts()
      let data = try ConversationData(facts, renderer: demonstration.renderer)
      func supervised(_ trainer: any TrainingBackend, steps: Int) async throws {
        let recipe = try SupervisedTraining(
          data, batchSize: 8, steps: steps,
          settings: RunSettings(learningRate: 3e-3, schedule: .constant, savesAtEnd: false))
        _ = try await recipe.run(Demonstration.participants("sft", trainer, []))
      }
      let teacher = try await demonstration.trainer()
      try await supervised(teacher, steps: 100)
      let student = try await demonstration.trainer(seed: 2)
      try await supervised(student, steps: 20)
      let groups = facts.prefix(16).map { fact in
        EnvironmentGroup(
          AnswerTask(
            Array(fact.messages.dropLast()), expected: fact.messages.last?.content.joinedText ?? ""),
          title: "fact", expected: "", renderer: demonstration.renderer)
      }
      let witness = Witness()
      let recipe = try PolicyTraining(
        Array(groups), sampling: .init(groupsPerStep: 8, groupSize: 8, maxTokens: 12), steps: 40,
        settings: RunSettings(learningRate: 2e-3, savesAtEnd: false),
        reference: ReferenceTerm(.teacher, try await teacher.makeSampler().value))
      let clock = ContinuousClock()
      let start = clock.now
      _ = try await recipe.run(Demonstration.participants("distill", student, [witness]))
      let curve = witness.curve("teacher_kl")
      print("distill: teacher_kl", curve, "took", clock.now - start)
      let first = curve.prefix(3).reduce(0, +) / 3
      let last = curve.suffix(5).reduce(0, +) / 5
      #expect(last < 0.85 * first)
    }
  }

  /// Trains on coloured shapes, and gives the share of the held-out ones whose colour is named.
  static func coloursNamed(
    by trainer: any TrainingBackend, _ demonstration: Demonstration
  ) async throws -> Double {
    let data = try ConversationData(
      try TrainingRecords.conversations(path: Demonstration.file("shapes-train")),
      renderer: demonstration.renderer)
    let recipe = try SupervisedTraining(
      data, batchSize: 16, steps: 100,
      settings: RunSettings(learningRate: 3e-3, savesAtEnd: false))
    _ = try await recipe.run(Demonstration.participants("sft", trainer, []))
    let test = try TrainingRecords.conversations(path: Demonstration.file("shapes-test"))
    let found = try await AnswerEvaluator(test, renderer: demonstration.renderer, maxTokens: 8)
      .evaluate(trainer, step: 100)
    return found.metrics["test/exact"] ?? 0
  }

  @Test func seesColours() async throws {
    try await TinyRun.withFolder { folder in
      let demonstration = try Demonstration(folder, seesImages: true)
      let clock = ContinuousClock()
      let start = clock.now
      let share = try await Self.coloursNamed(
        by: try await demonstration.trainer(), demonstration)
      print("vision: held-out colours", share, "took", clock.now - start)
      #expect(share == 1)
    }
  }
}
