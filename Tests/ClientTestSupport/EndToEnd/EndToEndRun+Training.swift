import Synchronization
import TinkerClient
import TinkerData

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension EndToEndRun {
  func connect() async throws {
    await step("connect") { _ = try await service.sessionID() }
    await step("capabilities") {
      let names = try await service.supportedModels().map(\.name)
      try need(names.contains(model), "\(model) is not among \(names)")
    }
    await step("create_lora_client") {
      keep(
        client: try await service.createLoraTrainingClient(
          baseModel: model, lora: LoraConfig(rank: 8, seed: 1), userMetadata: ["purpose": "e2e"]))
    }
    await step("get_info") {
      let info = try await client.info()
      try need(info.baseModel == model, "base model \(info.baseModel ?? "")")
      try need(info.loraRank ?? 8 == 8, "rank \(info.loraRank ?? 0)")
    }
  }

  func supervised() async throws {
    await step("forward") {
      let output = try await client.forward(data).value
      let counts = output.lossOutputs.map { $0.logprobs?.elements.count }
      try need(counts == [4, 2], "one logprob per position, not \(counts)")
      try need((logprobs(output) + logprobs(output, 1)).allSatisfy { $0 < 0 }, "negative logprobs")
      untrained.withLock { $0 = output }
    }
    await step("loss_sum_metric") {
      let output = untrained.withLock { $0 }
      guard let output, let sum = output.metrics["loss:sum"] else {
        throw Failure(description: "no loss:sum")
      }
      try near(sum, 6 * loss(output), 1e-2, "loss:sum")
    }
    await step("forward_keeps_state") {
      let first = untrained.withLock { $0 }.map(loss) ?? 0
      try near(loss(try await client.forward(data).value), first, 1e-4, "nothing changes")
    }
    await step("supervised_training") {
      var losses: [Double] = []
      for _ in 0..<steps {
        let pass = try client.forwardBackward(data)
        let step = try client.optimStep(AdamParams(learningRate: learningRate))
        losses.append(loss(try await pass.value))
        _ = try await step.value
      }
      try need(losses[steps - 1] < 0.7 * losses[0], "loss \(losses[0]) to \(losses[steps - 1])")
    }
    await step("pipelined_steps") {
      var passes: [TrainingOperation<ForwardBackwardOutput>] = []
      for _ in 0..<3 {
        passes.append(try client.forwardBackward(data))
        _ = try client.optimStep(AdamParams(learningRate: learningRate))
      }
      var losses: [Double] = []
      for pass in passes { losses.append(loss(try await pass.value)) }
      try need(losses[2] < losses[0], "losses \(losses)")
    }
    await step("gradient_accumulation") {
      let passes = try data.map { try client.forwardBackward([$0]) }
      _ = try await client.optimStep(AdamParams(learningRate: learningRate)).value
      for pass in passes { _ = try await pass.value }
    }
    await step("many_datums") {
      let many = (0..<1500).map { index in
        let token = UInt32(index % 50)
        return next([token + 1, token + 2, token + 3])
      }
      let output = try await client.forward(many).value
      try need(output.lossOutputs.count == 1500, "\(output.lossOutputs.count) outputs")
      for (a, b) in zip(logprobs(output, 3), logprobs(output, 1453)) {
        try near(a, b, 1e-3, "equal examples in different chunks")
      }
    }
    await step("topk_targets") {
      let pairs = try TensorData(elements: .integers([6, 9, 7, 10, 8, 11]), shape: [3, 2])
      let ones = try TensorData(elements: .floats([1, 1, 1, 1, 1, 1]), shape: [3, 2])
      let input = ModelInput(chunks: [.tokens([5, 6, 7])])
      let two = Datum(
        modelInput: input,
        lossInputs: [
          .init(name: "target_tokens", tensor: pairs), .init(name: "weights", tensor: ones),
        ])
      let wide = try await client.forward([two]).value
      try need(wide.lossOutputs[0].logprobs?.shape == [3, 2], "shape")
      let one = Datum(
        modelInput: input,
        lossInputs: [
          .init(name: "target_tokens", tensor: TensorData([Int64(9), 10, 11])),
          .init(name: "weights", tensor: TensorData([Float(1), 1, 1])),
        ])
      let flat = logprobs(try await client.forward([one]).value)
      let rows = logprobs(wide)
      for index in 0..<3 { try near(rows[2 * index + 1], flat[index], 1e-3, "second column") }
    }
  }

  private func check(
    _ loss: LossFunction, _ advantages: [Float], _ more: [Datum.LossInput] = [],
    _ formula: (Double, Double, Double) -> Double
  ) async throws {
    let tokens: [UInt32] = [60, 33, 45, 51]
    let now = logprobs(try await client.forward([next(tokens)]).value)
    let old = now.map { Float($0 - 0.3) }
    let datum = next(
      tokens, weights: false,
      [
        .init(name: "logprobs", tensor: TensorData(old)),
        .init(name: "advantages", tensor: TensorData(advantages)),
      ] + more)
    let output = try await client.forward([datum], loss: loss).value
    var want = 0.0
    for index in now.indices {
      want += formula(now[index], Double(old[index]), Double(advantages[index]))
    }
    _ = try await client.forwardBackward([datum], loss: loss).value
    guard let sum = output.metrics["loss:sum"] else { return }
    try near(sum, want, 2e-3 + 1e-3 * abs(want), "\(loss.name) loss:sum")
  }

  func reinforcement() async throws {
    func clip(_ low: Double, _ high: Double) -> (Double) -> Double { { min(max($0, low), high) } }
    func ppo(_ clip: @escaping (Double) -> Double) -> (Double, Double, Double) -> Double {
      { p, q, a in -min(exp(p - q) * a, clip(exp(p - q)) * a) }
    }
    let advantages: [Float] = [1, -0.5, 2]
    await step("importance_sampling") {
      try await check(.importanceSampling, advantages) { p, q, a in -exp(p - q) * a }
    }
    await step("ppo") { try await check(.ppo(), advantages, [], ppo(clip(0.8, 1.2))) }
    await step("ppo_thresholds") {
      try await check(.ppo(clipLow: 0.9, clipHigh: 1.1), advantages, [], ppo(clip(0.9, 1.1)))
    }
    await step("cispo") {
      try await check(.cispo(clipLow: 0.8, clipHigh: 1.2), advantages) { p, q, a in
        -clip(0.8, 1.2)(exp(p - q)) * p * a
      }
    }
    await step("dro") {
      try await check(.dro(beta: 0.05), advantages) { p, q, a in
        -(p * a - 0.5 * 0.05 * (p - q) * (p - q))
      }
    }
    await step("gspo") {
      let mask = Datum.LossInput(name: "sequence_ratio_mask", tensor: TensorData([Float(0), 1, 1]))
      let ratio = exp(0.3)
      try await check(.gspo(clipLow: 0.5, clipHigh: 1.1), advantages, [mask]) { _, _, a in
        -min(ratio * a, clip(0.5, 1.1)(ratio) * a)
      }
    }
  }

  func customLoss() async throws {
    await step("custom_loss") {
      let other = try await service.createLoraTrainingClient(
        baseModel: model, lora: LoraConfig(rank: 8, seed: 1))
      let before = try await other.forward(data).value
      let output = try await other.forwardBackwardCustom(data) { _, logprobs in
        let value = logprobs.joined().reduce(0) { $0 + Double($1 * $1) }
        return CustomLossValue(
          loss: value, gradient: logprobs.map { $0.map { 2 * $0 } }, metrics: ["squares": value])
      }.value
      let want = (logprobs(before) + logprobs(before, 1)).reduce(0) { $0 + $1 * $1 }
      try near(output.metrics["squares"] ?? 0, want, 1e-2 + 1e-3 * want, "squares")
      _ = try await other.optimStep(AdamParams(learningRate: 1e-4)).value
    }
  }
}
