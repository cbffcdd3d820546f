import Testing
import TinkerData
import TinkerTraining

/// Groups, old samples and losses on a model of numbers.
@Suite struct PolicyTrainingTests {
  /// Rewards one token after a prompt of two.
  struct Guess: TokenEnvironment {
    let wanted: UInt32
    func start() -> Observation {
      Observation(prompt: ModelInput(tokens: [3, 4]), stop: .tokens([]))
    }
    func step(_ action: SampledSequence) -> EnvironmentStep {
      EnvironmentStep(reward: action.tokens == [wanted] ? 1 : 0, metrics: ["guesses": 1])
    }
  }

  static func groups(_ count: Int) -> [EnvironmentGroup] {
    (0..<count).map { index in
      EnvironmentGroup(title: "guess", tags: ["all9"]) { _ in Guess(wanted: 9) }
    }
  }

  static func run(
    steps: Int, maxStaleness: Int = 0, loss: LossFunction = .importanceSampling
  ) async throws -> [StepMetrics] {
    let witness = Witness()
    try await TinyRun.withFolder { folder in
      let recipe = try PolicyTraining(
        groups(4),
        sampling: .init(
          groupsPerStep: 2, groupSize: 32, maxTokens: 1, maxStaleness: maxStaleness),
        steps: steps,
        settings: RunSettings(learningRate: 1e-2, schedule: .constant, savesAtEnd: false),
        advantage: .standardised, loss: loss)
      _ = try await recipe.run(
        TinyRun.participants(try await TinyRun.trainer(folder), observers: [witness]))
    }
    return witness.steps
  }

  @Test(arguments: [
    LossFunction.importanceSampling, .ppo(), .cispo(), .dro(beta: 0.05), .gspo(),
  ])
  func findsTheToken(loss: LossFunction) async throws {
    let steps = try await Self.run(steps: 40, loss: loss)
    let best = steps.compactMap { $0["env/all/reward/total"] }.max() ?? 0
    #expect(best > 0.9, "\(loss.name): \(best)")
    #expect(steps[0]["env/all9/reward/total"] == steps[0]["env/all/reward/total"])
    #expect(steps[0]["env/all/guesses"] == 1)
  }

  @Test func runsOnPolicyRepeat() async throws {
    let one = try await Self.run(steps: 4).map { $0["env/all/reward/total"] }
    let two = try await Self.run(steps: 4).map { $0["env/all/reward/total"] }
    #expect(one == two)
  }

  @Test func oldSamplesAreBounded() async throws {
    let steps = try await Self.run(steps: 12, maxStaleness: 1)
    #expect(steps.count == 12)
    for step in steps {
      #expect((step["async/staleness_max"] ?? 9) <= 1)
      #expect(step["async/dropped_groups"] != nil)
    }
    #expect(steps.contains { $0["async/staleness_max"] == 1 })
  }
}
