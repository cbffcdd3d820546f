import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

/// Scenarios of the recorder that are not among the shared traces. Write them with the recorder, which
/// needs the official client: `python ../shared/tools/wire/driver.py --set held --out DIR`
@Suite(
  .enabled(
    if: Trace.further != nil,
    "needs further traces: TINKERKIT_TRACES=DIR swift test --filter FurtherTrace"))
struct FurtherTraceTests {
  @Test func connectCredentialCommand() async throws {
    try await TraceRun.play("connect_credential_command", in: Trace.further) { run in
      let service = ServiceClient(run.options(apiKey: nil))
      await run.step("session_id", Plain.text) { try await service.sessionID() }
    }
  }

  @Test func dimuonStep() async throws {
    try await TraceRun.play("dimuon_step", in: Trace.further) { run in
      let client = try await run.training(optimizer: .dimuon)
      await run.step("forward_backward", Plain.output) {
        try await client.forwardBackward([datum([4, 5], weights: [1, 1])]).value
      }
      await run.step("optim_step", Plain.step) {
        try await client.optimStep(.dimuon(DimuonParams(learningRate: 0.01))).value
      }
      run.impossible("both parameter names")
      run.impossible("no parameters")
    }
  }

  @Test func chunksMixed() async throws {
    try await TraceRun.play("chunks_mixed", in: Trace.further) { run in
      let client = try await run.training()
      let data = [1, 1, 1, 1, 3, 4, 1].map { count in
        datum(
          Array(0..<count),
          [
            ("logprobs", TensorData([Float](repeating: -0.5, count: count))),
            ("advantages", TensorData([Float](repeating: 1, count: count))),
          ])
      }
      let first = try client.forwardBackward(data, loss: .importanceSampling)
      let second = try client.optimStep(AdamParams(learningRate: 1e-5))
      await run.step("forward_backward", Plain.output) { try await first.value }
      await run.step("optim_step", Plain.step) { try await second.value }
    }
  }

  @Test func samplerHandleJoined() async throws {
    try await TraceRun.play("sampler_handle_joined", in: Trace.further) { run in
      let handle = try await run.sampling().samplerHandle()
      let clone = try await SamplingClient(
        handle: handle, options: run.options(apiKey: "tml-other"))
      await run.step("sample from the clone", Plain.sample) {
        try await clone.sample(
          SampleRequest(prompt: prompt([1]), params: SamplingParams(maxTokens: 1)))
      }
    }
  }

  @Test func sampleTopKRagged() async throws {
    try await TraceRun.play("sample_topk_ragged", in: Trace.further) { run in
      let client = try await run.sampling()
      await run.step("sample", Plain.sample) {
        var request = SampleRequest(
          prompt: prompt(Array(20...25)), numSamples: 3,
          params: SamplingParams(maxTokens: 5, temperature: 0))
        request.promptLogprobs = true
        request.topKPromptLogprobs = 3
        request.topKSampleLogprobs = 2
        request.promptLogprobsLastN = 3
        return try await client.sample(request)
      }
      await run.step("last n without prompt logprobs", Plain.sample) {
        var request = SampleRequest(prompt: prompt([1, 2]))
        request.promptLogprobsLastN = 1
        return try await client.sample(request)
      }
    }
  }

  @Test func restSearch() async throws {
    try await TraceRun.play("rest_search", in: Trace.further) { run in
      let rest = run.rest()
      await run.step("search_sessions", Self.page) {
        var search = SessionSearch()
        search.userMetadata = ["a": "b"]
        search.limit = 10
        return try await rest.searchSessions(search)
      }
      await run.step("capabilities", Self.models) { try await rest.supportedModels() }
      await run.step(
        "unknown run",
        { ["urls": JSONValue.texts($0.urls) ?? .null, "expires": .text($0.expires)] }
      ) { try await rest.getExternalWeightsURLs(path: "tinker://r/external_weights/x") }
    }
  }

  private static func page(_ page: SessionSearchPage) -> JSONValue {
    let sessions: [JSONValue] = page.sessions.map { session in
      [
        "session_id": .text(session.id), "created_at": .text(session.createdAt),
        "owner": .text(session.owner), "project_id": .text(session.projectID),
        "status": session.status.map { .object($0) } ?? .null,
        "checkpoints_count": .int(session.checkpointCount),
        "display_name": session.displayName.map { .text($0) } ?? .null,
        "user_metadata": JSONValue.texts(session.userMetadata) ?? .null,
        "checkpoint_storage_bytes": session.checkpointByteCount.map { .int($0) } ?? .null,
      ]
    }
    return [
      "sessions": .array(sessions), "next_cursor": page.nextCursor.map { .object($0) } ?? .null,
    ]
  }

  private static func models(_ models: [SupportedModel]) -> JSONValue {
    let plain: [JSONValue] = models.map { model in
      [
        "model_name": .text(model.name),
        "max_context_length": model.maxContextLength.map { .int($0) } ?? .null,
        "trainable": .bool(model.isTrainable), "sampleable": .bool(model.isSampleable),
      ]
    }
    return ["supported_models": .array(plain)]
  }

  @Test func retrieveMixed() async throws {
    try await TraceRun.play("retrieve_mixed", in: Trace.further) { run in
      let client = try await run.training()
      await run.step("forward", Plain.output) {
        try await client.forward([datum([1, 2, 3], weights: [1, 1, 1])]).value
      }
    }
  }

  @Test func fullRound() async throws {
    // A save that is tried again keeps the number of its sampler.
    try await TraceRun.play(
      "full_round", in: Trace.further, onPurpose: ["body.sampling_session_seq_id"]
    ) { run in
      let service = run.service()
      let client = try await run.training(service, seed: 5)
      let pass = try client.forwardBackward(
        (0..<3).map { datum([$0, $0 + 1, $0 + 2], weights: [0, 1, 0.5]) })
      let step = try client.optimStep(AdamParams(learningRate: 3e-4, gradClipNorm: 0.5))
      let saver = try client.saveWeightsAndGetSamplingClient()
      await run.step("forward_backward", Plain.output) { try await pass.value }
      await run.step("optim_step", Plain.step) { try await step.value }
      let created = await run.step(
        "save_weights_and_get_sampling_client",
        { client in
          ["sampling_client": .text(client.samplingSessionID), "base_model": .text(TraceRun.model)]
        }
      ) { try await saver.value }
      let sampler = try #require(created)
      await run.step("sample", Plain.sample) {
        var request = SampleRequest(
          prompt: prompt([3, 4, 5]), numSamples: 2,
          params: SamplingParams(maxTokens: 2, stop: .strings(["a"])))
        request.topKSampleLogprobs = 1
        return try await sampler.sample(request)
      }
      await run.step("compute_logprobs", Plain.logprobs) {
        try await sampler.computeLogprobs(prompt([3, 4, 5, 6]))
      }
      await run.step("save_state", Plain.saved("save_weights")) {
        try await client.saveState(name: "end").value
      }
    }
  }
}
