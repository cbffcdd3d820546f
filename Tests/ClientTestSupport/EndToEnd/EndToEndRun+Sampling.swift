import Synchronization
import TinkerClient
import TinkerData
import TinkerWire

extension EndToEndRun {
  private func ask(
    _ tokens: [UInt32], _ params: SamplingParams, count: Int = 1
  ) async throws -> SampleResponse {
    try await sampler.sample(
      SampleRequest(prompt: ModelInput(tokens: tokens), numSamples: count, params: params))
  }

  func sampling() async throws {
    await step("save_for_sampler") {
      let path = try await client.saveWeightsForSampler(name: "e2e-sampler").value
      try need(path.hasPrefix("tinker://"), path)
      paths.withLock { $0.sampler = path }
    }
    await step("sampler_path_form") {
      let path = paths.withLock { $0.sampler }
      try need(path == "tinker://\(try client.modelID)/sampler_weights/e2e-sampler", path)
    }
    await step("sample_greedy") {
      keep(
        sampler: try await service.createSamplingClient(modelPath: paths.withLock { $0.sampler }))
      let sequence = try await ask([5, 6], SamplingParams(maxTokens: 3, temperature: 0))
        .sequences[0]
      try need(sequence.tokens == [7, 8, 9], "trained to say 7 8 9, said \(sequence.tokens)")
      try need(sequence.logprobs?.count == 3, "one logprob per token")
    }
    await step("sample_many_and_stops") {
      let many = try await ask([5, 6], SamplingParams(maxTokens: 5, seed: 3), count: 4)
      try need(many.sequences.count == 4, "\(many.sequences.count) sequences")
      let stopped = try await ask(
        [5, 6], SamplingParams(maxTokens: 5, stop: .tokens([8]), temperature: 0)
      ).sequences[0]
      try need(
        stopped.stopReason == .stop && stopped.tokens.last == 8, "stop token: \(stopped)")
    }
    await step("sample_seed") {
      let params = SamplingParams(maxTokens: 6, seed: 11)
      let a = try await ask([30], params).sequences[0].tokens
      let b = try await ask([30], params).sequences[0].tokens
      try need(a == b, "\(a) and \(b)")
    }
    await step("compute_logprobs") {
      let values = try await sampler.computeLogprobs(ModelInput(tokens: [5, 6, 7, 8, 9]))
      try need(values.count == 5 && values[0] == nil, "\(values)")
      let forward = logprobs(try await client.forward([next([5, 6, 7, 8, 9])]).value)
      for (a, b) in zip(values.dropFirst(), forward) {
        try near(Double(a ?? 0), b, 5e-2, "sampler and trainer")
      }
    }
    await step("topk_prompt_logprobs") {
      var request = SampleRequest(
        prompt: ModelInput(tokens: [5, 6, 7]), params: SamplingParams(maxTokens: 1))
      request.promptLogprobs = true
      request.topKPromptLogprobs = 3
      let rows = try await sampler.sample(request).topKPromptLogprobs
      guard let rows, rows.count == 3, rows[0] == nil, let row = rows[1], row.count == 3 else {
        throw Failure(description: "\(String(describing: rows))")
      }
      try need(row[0].logprob >= row[1].logprob && row[1].logprob >= row[2].logprob, "sorted")
    }
    await step("sampled_logprobs_agree") {
      let sequence = try await ask([5, 6], SamplingParams(maxTokens: 3, seed: 5)).sequences[0]
      let values = try await sampler.computeLogprobs(ModelInput(tokens: [5, 6] + sequence.tokens))
      for (a, b) in zip(values.dropFirst(2), sequence.logprobs ?? []) {
        try near(Double(a ?? 0), Double(b), 5e-2, "logprob of a sampled token")
      }
    }
    await step("save_weights_and_get_sampling_client") {
      let other = try await client.saveWeightsAndGetSamplingClient().value
      let response = try await other.sample(
        SampleRequest(
          prompt: ModelInput(tokens: [5, 6]),
          params: SamplingParams(maxTokens: 2, temperature: 0)))
      try need(response.sequences[0].tokens.count <= 2, "two tokens")
    }
    await step("base_model_sampling") {
      let base = try await service.createSamplingClient(baseModel: model)
      let values = try await base.computeLogprobs(ModelInput(tokens: [5, 6, 7, 8, 9]))
      let first = untrained.withLock { $0 }.map { logprobs($0) } ?? []
      for (a, b) in zip(values.dropFirst(), first) {
        try near(Double(a ?? 0), b, 5e-2, "base model and untrained adapter")
      }
    }
  }

  private func oneStep(_ client: TrainingClient) async throws -> Double {
    let fresh = [next([40, 47, 31, 55, 38])]
    let pass = try client.forwardBackward(fresh)
    let step = try client.optimStep(AdamParams(learningRate: 1e-2))
    _ = try await (pass.value, step.value)
    return loss(try await client.forward(fresh).value)
  }

  func resuming() async throws {
    await step("save_state") {
      // Uses up gradients that the loss steps left, so that old and resumed client start alike.
      _ = try client.optimStep(AdamParams(learningRate: 1e-4))
      let path = try await client.saveState(name: "e2e-state").value
      try need(path.contains("/weights/"), path)
      paths.withLock { $0.state = path }
    }
    let state = paths.withLock { $0.state }
    var resumed = 0.0
    await step("resume_with_optimizer") {
      let new = try await service.createTrainingClientFromStateWithOptimizer(state)
      let old = try await oneStep(client)
      resumed = try await oneStep(new)
      try near(old, resumed, 1e-3, "one step of the old and of the resumed client")
    }
    await step("from_state_weights_only") {
      let new = try await service.createTrainingClientFromState(state)
      let value = try await oneStep(new)
      try need(abs(value - resumed) > 1e-4, "the optimizer was not reset")
    }
  }

  func checkpoints() async throws {
    let (sampler, state) = paths.withLock { $0 }
    let run = try client.modelID
    await step("rest_checkpoints") {
      let found = try await rest.listCheckpoints(runID: run).elements.map(\.path)
      try need(found.contains(state) && found.contains(sampler), "\(found)")
    }
    await step("rest_run_and_info") {
      try need(try await rest.getTrainingRun(id: run).baseModel == model, "base model of the run")
      let info = try await rest.getWeightsInfo(path: state)
      try need(info.baseModel == model && info.isLora, "\(info)")
      let listed = try await rest.listTrainingRuns().elements
      try need(listed.contains { $0.id == run }, "the run is listed")
    }
    await step("rest_ttl_publish") {
      try await rest.setCheckpointTTL(path: state, ttlSeconds: 86400)
      try await rest.publishCheckpoint(path: state)
      let entry = try await rest.listCheckpoints(runID: run).elements.first { $0.path == state }
      try need(entry?.isPublic == true && entry?.expiresAt != nil, "\(String(describing: entry))")
      try await rest.unpublishCheckpoint(path: state)
    }
    await step("rest_delete") {
      try await rest.deleteCheckpoint(path: sampler)
      let found = try await rest.listCheckpoints(runID: run).elements.map(\.path)
      try need(!found.contains(sampler), "the deleted checkpoint is still listed")
    }
  }

  func mistakes() async throws {
    await step("user_error_model") {
      try await needsFailure {
        _ = try await service.createLoraTrainingClient(
          baseModel: "no/such-model", lora: LoraConfig(rank: 4))
      }
    }
    await step("user_error_lengths") {
      let bad = Datum(
        modelInput: ModelInput(tokens: [1, 2, 3]), lossInputs: next([1, 2, 3]).lossInputs)
      try await needsFailure { _ = try await client.forwardBackward([bad]).value }
      _ = try await client.forward(data).value
    }
    await step("user_error_loss_name") {
      try await needsFailure {
        _ = try await client.forwardBackward(data, loss: LossFunction(name: "no_such_loss")).value
      }
      _ = try await client.forward(data).value
    }
    await step("user_error_path") {
      try await needsFailure {
        _ = try await service.createTrainingClientFromState("tinker://none:train:0/weights/none")
      }
    }
  }

  func endings() async throws {
    await step("seeded_init") {
      var values: [Double] = []
      for _ in 0..<2 {
        let new = try await service.createLoraTrainingClient(
          baseModel: model, lora: LoraConfig(rank: 8, seed: 42))
        _ = try new.forwardBackward(data)
        _ = try new.optimStep(AdamParams(learningRate: 1e-2))
        values.append(loss(try await new.forward(data).value))
      }
      try near(values[0], values[1], 1e-4, "two runs with one seed")
    }
    await step("token_round_trip") {
      let base = try await service.createSamplingClient(baseModel: model)
      let response = try await base.sample(
        SampleRequest(
          prompt: ModelInput(tokens: [4, 5]), params: SamplingParams(maxTokens: 8)))
      try need(!response.sequences[0].tokens.isEmpty, "no tokens")
    }
    await step("close") { try await service.close(status: .success) }
  }
}
