import Foundation
import TestSupport
import Testing
import TinkerData
import TinkerJSON
import TinkerTokenizer
import TinkerTraining

/// The formulas give what tinker-cookbook's own functions give on the same arrays.
@Suite struct RecipeGoldenTests {
  private static func rows(_ kind: String) throws -> [JSONValue] {
    let rows = try jsonLines(Places.fixtures.appending(path: "golden/recipes.jsonl"))
      .filter { $0["kind"]?.text == kind }
    try #require(!rows.isEmpty)
    return rows
  }

  /// The reference computes in float32.
  private static func near(_ a: Double?, _ b: Double?, _ place: String) {
    guard let a, let b else {
      Issue.record("\(place): a number is missing")
      return
    }
    if a.isNaN && b.isNaN { return }
    if abs(a - b) > 2e-6 * max(1, abs(b)) { Issue.record("\(place): \(a), the reference has \(b)") }
  }

  private static func near(_ a: [Float], _ b: JSONValue?, _ place: String) {
    let expected = floats(b)
    guard a.count == expected.count else {
      Issue.record("\(place): \(a.count) numbers, the reference has \(expected.count)")
      return
    }
    for index in a.indices {
      near(Double(a[index]), Double(expected[index]), "\(place)[\(index)]")
    }
  }

  private static func floats(_ value: JSONValue?) -> [Float] {
    (value?.array ?? []).map { Float($0.double ?? .nan) }
  }

  private static func rowsOfFloats(_ value: JSONValue?) -> [[Float]] {
    (value?.array ?? []).map { floats($0) }
  }

  private static func tokens(_ value: JSONValue?) -> [UInt32] {
    (value?.array ?? []).compactMap { $0.int.map { UInt32($0) } }
  }

  @Test func likelihood() throws {
    let tokenizer = try Tokenizer(
      contentsOf: Places.fixtures.appending(path: "tokenizers/tiny-qwen3").path)
    for (index, row) in try Self.rows("nll").enumerated() {
      Self.near(
        Likelihood.meanNLL(
          logprobs: Self.rowsOfFloats(row["logprobs"]), weights: Self.rowsOfFloats(row["weights"])),
        row["result"]?.double, "nll \(index)")
    }
    for (index, row) in try Self.rows("bpb").enumerated() {
      let bits = Likelihood.bitsPerByte(
        logprobs: Self.rowsOfFloats(row["logprobs"]), weights: Self.rowsOfFloats(row["weights"]),
        targets: (row["targets"]?.array ?? []).map { Self.tokens($0) }, tokenizer: tokenizer)
      Self.near(bits, row["result"]?.double, "bpb \(index)")
    }
  }

  @Test func rates() throws {
    for row in try Self.rows("schedule") {
      let schedule = try #require(
        LearningRateSchedule(rawValue: row["schedule"]?.text ?? ""))
      for (step, expected) in (row["result"]?.array ?? []).enumerated() {
        Self.near(
          schedule.multiplier(step: step, of: 7), expected.double, "\(schedule) \(step)")
      }
    }
    for row in try Self.rows("rate") {
      let model = row["model"]?.text ?? ""
      let rate = try? RecommendedLearningRate.rate(
        for: model, isLora: row["lora"]?.bool ?? true)
      guard let expected = row["result"]?.double else {
        #expect(rate == nil, "\(model) has no rule in the reference")
        continue
      }
      let found = try #require(rate, "\(model)")
      #expect(abs(found - expected) <= 1e-12 * expected, "\(model)")
    }
  }

  @Test func advantages() throws {
    for row in try Self.rows("advantages") {
      let final = Self.floats(row["final"])
      let totals = Self.rowsOfFloats(row["rewards"]).enumerated().map { index, rewards in
        Trajectory(
          transitions: rewards.map {
            .init(
              prompt: ModelInput(tokens: [1]),
              action: SampledSequence(tokens: [3], logprobs: [0], stopReason: .stop),
              reward: Double($0))
          }, finalReward: Double(final[index])
        ).totalReward
      }
      let found = GroupAdvantage.centred.advantages(of: totals)
      Self.near(found.map { Float($0) }, row["result"], "advantages")
    }
  }

  @Test func trajectories() throws {
    for (number, row) in try Self.rows("trajectory").enumerated() {
      let turns = (row["turns"]?.array ?? []).map { turn in
        Trajectory.Transition(
          prompt: ModelInput(chunks: (turn["prompt"]?.array ?? []).map(Self.chunk)),
          action: SampledSequence(
            tokens: Self.tokens(turn["action"]), logprobs: Self.floats(turn["logprobs"]),
            stopReason: .stop),
          reward: 0)
      }
      let made = try TrajectoryData(
        Trajectory(transitions: turns), advantage: row["advantage"]?.double ?? 0)
      let expected = row["result"]?.array ?? []
      #expect(made.data.count == expected.count && made.breaks.count == expected.count - 1)
      for (datum, row) in zip(made.data, expected) {
        let place = "trajectory \(number)"
        let chunks = (row["chunks"]?.array ?? []).map(Self.chunk)
        #expect(datum.modelInput.chunks == chunks, "\(place)")
        for name in ["target_tokens", "logprobs", "advantages", "mask"] {
          let found = datum.lossInput(named: name)?.floats ?? []
          Self.near(found, row[name], "\(place) \(name)")
        }
      }
    }
  }

  private static func chunk(_ value: JSONValue) -> ModelInputChunk {
    guard let length = value["length"]?.int else { return .tokens(tokens(value)) }
    return .image(
      ImageChunk(data: [1], format: .png, expectedTokens: length, width: 1, height: 1))
  }

  private static func data(_ row: JSONValue) -> (data: [Datum], scores: [[Float]]) {
    let rows = row["data"]?.array ?? []
    let data = rows.map { row in
      Datum(
        modelInput: ModelInput(tokens: [UInt32](repeating: 1, count: tokens(row["targets"]).count)),
        lossInputs: [
          .init(
            name: "target_tokens", tensor: TensorData(tokens(row["targets"]).map { Int64($0) }))
        ]
          + ["logprobs", "advantages", "mask"].map {
            .init(name: $0, tensor: TensorData(floats(row[$0])))
          })
    }
    return (data, rows.map { floats($0["scores"]) })
  }

  @Test func divergences() throws {
    for row in try Self.rows("kl") {
      let (data, scores) = Self.data(row)
      let found = try #require(
        PolicyDivergence(
          old: data.map { $0.lossInput(named: "logprobs")?.floats ?? [] }, new: scores,
          mask: data.map { $0.lossInput(named: "mask")?.floats ?? [] }))
      let result = row["result"]
      for name in ["optim/kl_sample_train_v1", "kl_pre_post_v1"] {
        Self.near(found.v1, result?[name]?.double, name)
      }
      for name in ["optim/kl_sample_train_v2", "kl_pre_post_v2"] {
        Self.near(found.v2, result?[name]?.double, name)
      }
      Self.near(found.entropy, result?["optim/entropy"]?.double, "entropy")
    }
    for (kind, metric) in [("penalty", "kl_policy_base"), ("teacher", "teacher_kl")] {
      for row in try Self.rows(kind) {
        var (data, scores) = Self.data(row)
        let mean = ReferenceTerm.apply(
          try #require(ReferenceTerm.Kind(rawValue: kind)),
          coefficient: row["coefficient"]?.double ?? 0, discount: row["discount"]?.double ?? 0,
          to: &data, scores: scores)
        Self.near(mean, row["metrics"]?[metric]?.double, metric)
        for (datum, expected) in zip(data, row["result"]?.array ?? []) {
          Self.near(datum.lossInput(named: "advantages")?.floats ?? [], expected, kind)
        }
      }
    }
  }

  @Test func preferences() throws {
    for row in try Self.rows("dpo") {
      var data: [Datum] = []
      var logprobs: [[Float]] = []
      for pair in row["pairs"]?.array ?? [] {
        for side in ["chosen", "rejected"] {
          let values = pair[side]
          logprobs.append(Self.floats(values?["logprobs"]))
          data.append(
            Datum(
              modelInput: ModelInput(tokens: [1]),
              lossInputs: [
                .init(name: "weights", tensor: TensorData(Self.floats(values?["weights"]))),
                .init(
                  name: "reference_logprobs", tensor: TensorData(Self.floats(values?["reference"]))),
              ]))
        }
      }
      let found = try CommonLosses.dpo(beta: row["beta"]?.double ?? 0)(data, logprobs)
      for name in ["dpo_loss", "accuracy", "margin", "chosen_reward", "rejected_reward"] {
        Self.near(found.metrics[name], row["metrics"]?[name]?.double, name)
      }
      for (index, gradients) in (row["gradients"]?.array ?? []).enumerated() {
        Self.near(found.gradient[2 * index], gradients["chosen"], "gradient of chosen")
        Self.near(found.gradient[2 * index + 1], gradients["rejected"], "gradient of rejected")
      }
    }
  }
}
