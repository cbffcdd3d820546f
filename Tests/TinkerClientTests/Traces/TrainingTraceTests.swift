import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

@Suite(.enabled(if: Trace.isAvailable, tracesNeedSharedMaterial))
struct TrainingTraceTests {
  @Test func createLora() async throws {
    try await TraceRun.play("create_lora") { run in
      let service = run.service()
      let client = await run.step("create_lora_training_client", Plain.client) {
        try await service.createLoraTrainingClient(
          baseModel: TraceRun.model, lora: LoraConfig(rank: 16, seed: 7, trainUnembed: false),
          userMetadata: ["a": "b"])
      }
      await run.step(
        "get_info",
        { info in
          [
            "type": "get_info", "model_id": .text(info.modelID),
            "model_data": [
              "arch": .text(info.architecture ?? ""), "model_name": .text(info.baseModel ?? ""),
              "tokenizer_id": .text(info.tokenizerID ?? ""),
            ],
            "is_lora": .bool(info.isLora ?? false), "lora_rank": .int(info.loraRank ?? 0),
            "model_name": .text(info.baseModel ?? ""),
            "optimizer_config": info.optimizer?.json ?? .null,
          ]
        }
      ) { try await #require(client).info() }
      await run.step("create_lora_training_client defaults", Plain.client) {
        try await service.createLoraTrainingClient(baseModel: TraceRun.model)
      }
      await run.step("create_lora_training_client dimuon", Plain.client) {
        try await service.createLoraTrainingClient(baseModel: TraceRun.model, optimizer: .dimuon)
      }
      await run.step("nothing to train", Plain.client) {
        try await service.createLoraTrainingClient(
          baseModel: TraceRun.model,
          lora: LoraConfig(trainUnembed: false, trainMLP: false, trainAttn: false))
      }
    }
  }

  @Test func trainStep() async throws {
    try await TraceRun.play("train_step") { run in
      let client = try await run.training()
      let data = [datum([1, 2, 3], weights: [0, 1, 1]), datum([10, 11], weights: [1, 0.5])]
      let first = try client.forwardBackward(data)
      let second = try client.optimStep(AdamParams(learningRate: 1e-4))
      await run.step("forward_backward", Plain.output) { try await first.value }
      await run.step("optim_step", Plain.step) { try await second.value }
    }
  }

  @Test func trainTwoStepsOverlapped() async throws {
    try await TraceRun.play("train_two_steps_overlapped") { run in
      let client = try await run.training()
      var passes: [TrainingOperation<ForwardBackwardOutput>] = []
      var steps: [TrainingOperation<OptimStepOutput>] = []
      for step in 0..<2 {
        passes.append(try client.forwardBackward([datum([step, step + 1], weights: [1, 1])]))
        steps.append(
          try client.optimStep(
            AdamParams(
              learningRate: 1e-3, beta1: 0.8, beta2: 0.9, eps: 1e-8, weightDecay: 0.1,
              gradClipNorm: 1)))
      }
      for index in 0..<2 {
        await run.step("result \(2 * index)", Plain.output) { try await passes[index].value }
        await run.step("result \(2 * index + 1)", Plain.step) { try await steps[index].value }
      }
    }
  }

  @Test func chunksParallel() async throws {
    try await TraceRun.play("chunks_parallel") { run in
      let client = try await run.training()
      let pass = try client.forwardBackward((0..<5).map { datum([$0, $0 + 3], weights: [1, 1]) })
      let after = try client.forward([datum([1], weights: [1])])
      await run.step("forward_backward", Plain.output) { try await pass.value }
      await run.step("forward after it", Plain.output) { try await after.value }
    }
  }

  @Test func chunksSerialByBytes() async throws {
    try await TraceRun.play("chunks_serial_by_bytes") { run in
      let client = try await run.training()
      let data = [1, 2, 3, 4, 1, 1].map { count in
        datum(Array(0..<count), weights: [Float](repeating: 1, count: count))
      }
      await run.step("forward_backward", Plain.output) {
        try await client.forwardBackward(data).value
      }
    }
  }

  @Test func compressed() async throws {
    try await TraceRun.play("compressed") { run in
      let client = try await run.training()
      await run.step("forward_backward", Plain.output) {
        try await client.forwardBackward([datum([5, 5, 5, 5], weights: [1, 1, 1, 1])]).value
      }
    }
  }

  @Test func forwardOnly() async throws {
    try await TraceRun.play("forward_only") { run in
      let client = try await run.training()
      await run.step("forward", Plain.output) {
        try await client.forward([datum([1, 2], weights: [1, 1])]).value
      }
      await run.step("forward, no data", Plain.output) { try await client.forward([]).value }
    }
  }

  @Test func rlLosses() async throws {
    try await TraceRun.play("rl_losses") { run in
      let client = try await run.training()
      let extra = [
        ("logprobs", TensorData([Float(-0.5), -0.25])),
        ("advantages", TensorData([Float(1), -1])),
      ]
      let mask = ("sequence_ratio_mask", TensorData([Float(0), 1]))
      func setting(_ name: String, _ value: LossFunction.Value) -> LossFunction.Setting {
        .init(name: name, value: value)
      }
      let losses: [(String, LossFunction, [(String, TensorData)])] = [
        ("importance_sampling", .importanceSampling, extra),
        ("ppo", .ppo(clipLow: 0.9, clipHigh: 1.1), extra),
        ("cispo", .cispo(clipLow: 0, clipHigh: 4), extra),
        ("dro", .dro(beta: 0.05), extra),
        ("gspo", .gspo(), [mask] + extra),
        (
          "stable_reinforce",
          LossFunction(
            name: "stable_reinforce",
            settings: [setting("kl_coeff", .number(0.1)), setting("mode", .text("plain"))]), extra
        ),
        ("unknown loss name", LossFunction(name: "no_such_loss"), extra),
      ]
      for (name, loss, inputs) in losses {
        await run.step(name, Plain.output) {
          try await client.forwardBackward([datum([1, 2], inputs)], loss: loss).value
        }
      }
    }
  }

  @Test func tensors() async throws {
    try await TraceRun.play("tensors") { run in
      let client = try await run.training()
      var sparse = [Int64](repeating: 0, count: 32)
      var weights = [Float](repeating: 0, count: 32)
      (sparse[10], sparse[31]) = (9, 11)
      (weights[10], weights[31]) = (0.5, 1.5)
      func made(
        _ tokens: ModelInput, _ targets: TensorData, _ weights: TensorData
      ) -> Datum {
        Datum(
          modelInput: tokens,
          lossInputs: [
            .init(name: "target_tokens", tensor: targets), .init(name: "weights", tensor: weights),
          ])
      }
      let data = [
        made(
          prompt([1, 2, 3]),
          try TensorData(elements: .integers([3, 4, 5, 6, 7, 8]), shape: [3, 2]),
          try TensorData(elements: .floats([1, 1, 1, 1, 1, 1]), shape: [3, 2])),
        made(
          prompt([1, 2, 3, 4]), try TensorData(elements: .integers(sparse), shape: [4, 8]),
          try TensorData(elements: .floats(weights), shape: [4, 8])),
        made(prompt([1, 2]), TensorData([Int64(1), 2]), TensorData([Float(1), 0.5])),
        made(
          ModelInput(chunks: [.tokens([1]), .tokens([2, 3])]), TensorData([Int64(1), 2, 3]),
          TensorData([Float(1), 1, 1])),
        made(prompt([1, 2]), TensorData([Int64(1), 2]), TensorData([Float(1), 0.5])),
      ]
      await run.step("forward_backward", Plain.output) {
        try await client.forwardBackward(data).value
      }
    }
  }

  @Test func provenance() async throws {
    try await TraceRun.play("provenance") { run in
      let client = try await run.training()
      let base = datum([1, 2, 3], weights: [0, 1, 1])
      let good = try base.withProvenance(
        modelInput: [
          try ProvenanceSpan(.prompt, sequenceID: "s/0", length: 1),
          try ProvenanceSpan(.sampled, sequenceID: "s/0", length: 2),
        ], lossInputs: [try ProvenanceSpan(.sampled, sequenceID: "s/0", length: 3)])
      await run.step("forward_backward", Plain.output) {
        try await client.forwardBackward([good], loss: LossFunction(name: "stable_reinforce")).value
      }
      await run.step("bad tiling", { (_: Datum) in .null }) {
        try base.withProvenance(
          modelInput: [try ProvenanceSpan(.prompt, sequenceID: "s/0", length: 2)],
          lossInputs: [try ProvenanceSpan(.sampled, sequenceID: "s/0", length: 3)])
      }
    }
  }

  @Test func images() async throws {
    try await TraceRun.play("images") { run in
      let service = run.service()
      let client = try await run.training(service)
      let png = run.trace.exchanges.lazy.compactMap { exchange -> [UInt8]? in
        guard case .pass(let pass) = exchange.body else { return nil }
        for case .image(let image) in pass.data[0].modelInput.chunks { return image.data }
        return nil
      }.first
      let image = ImageChunk(
        data: try #require(png), format: .png, expectedTokens: 3, width: 1, height: 1)
      let input = ModelInput(chunks: [.tokens([1, 2]), .image(image), .tokens([3])])
      let targets = datum([Int](repeating: 0, count: 6), weights: [1, 1, 1, 1, 1, 1]).lossInputs
      await run.step("forward_backward", Plain.output) {
        try await client.forwardBackward([Datum(modelInput: input, lossInputs: targets)]).value
      }
      let sampler = try await run.sampling(service)
      await run.step("sample", Plain.sample) {
        try await sampler.sample(
          SampleRequest(prompt: input, params: SamplingParams(maxTokens: 2)))
      }
      let pointer = ModelInput(chunks: [
        .imageAssetPointer(
          ImageAssetPointer(location: "assets/a.jpg", format: .jpeg, expectedTokens: 2))
      ])
      await run.step("sample with a pointer", Plain.sample) {
        try await sampler.sample(
          SampleRequest(prompt: pointer, params: SamplingParams(maxTokens: 1)))
      }
      await run.step("forward_backward with a pointer", Plain.output) {
        try await client.forwardBackward([
          Datum(modelInput: pointer, lossInputs: datum([0, 0], weights: [1, 1]).lossInputs)
        ]).value
      }
      // Our image chunks always tell their tokens.
      run.impossible("length without expected_tokens")
    }
  }

  @Test func metricWithoutReduction() async throws {
    // A fault of the official client: a metric's name fails a request that succeeded.
    try await TraceRun.play(
      "metric_without_reduction",
      onPurpose: [
        "forward_backward: an error is expected"
      ]
    ) { run in
      let client = try await run.training()
      await run.step("forward_backward", Plain.output) {
        let output = try await client.forwardBackward([datum([1], weights: [1])]).value
        #expect(output.metrics == ["loss:sum": 0.375, "grad_norm": 1])
        return output
      }
    }
  }

  @Test func jsonResultRefused() async throws {
    try await TraceRun.play("json_result_refused") { run in
      let client = try await run.training()
      await run.step("forward_backward", Plain.output) {
        try await client.forwardBackward([datum([1], weights: [1])]).value
      }
    }
  }
}
