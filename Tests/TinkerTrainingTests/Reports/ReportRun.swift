import TinkerJSON
import TinkerTraining

/// A made-up run for the reports.
enum ReportRun {
  static let description = RunDescription(
    recipe: "rl", baseModel: "tiny <b>",
    configuration: ["learning_rate": 0.001, "lora": ["rank": 8], "note": "a & b"], totalSteps: 60)

  static let steps: [StepMetrics] = (0..<60).map { index in
    var step = StepMetrics(step: index)
    let part = Double(index) / 60
    step["progress"] = part
    step["learning_rate"] = 1e-3 * (1 - part)
    step.setCount("num_tokens", to: 4096 + index * 7 % 100)
    step["train_mean_nll"] = 3 / (1 + 8 * part) + 0.1 * Double((index * 7919) % 13) / 13
    step["env/all/reward/total"] = part * part
    step["optim/kl_sample_train_v1"] = index == 7 ? .nan : 0.01 * part
    step["time/total"] = 0.25
    return step
  }

  static let sample = RunSample(
    step: 59, title: "group 3 </article>",
    tokens: [
      .init(id: 1, bytes: Array("Paris?\n".utf8)),
      .init(id: 7, bytes: [0xE2, 0x82], logprob: -0.01, advantage: 0.5),
      .init(id: 8, bytes: [0xAC], logprob: -2, advantage: -0.25),
      .init(id: 9, bytes: Array(" yes".utf8), logprob: -.infinity, advantage: 0),
    ], reward: 1, expected: "€ yes")

  static let events: [RunEvent] =
    [.started(description)] + steps.map { .step($0) } + [
      .sample(sample), .note("<note>"),
      .checkpoint(
        CheckpointRecord(name: "final", batch: 60, isFinal: true, statePath: "tinker://r/weights/f")
      ),
      .ended(.finished),
    ]
}
