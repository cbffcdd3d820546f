import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

@Suite(.enabled(if: Trace.isAvailable, tracesNeedSharedMaterial))
struct SamplingTraceTests {
  private func request(
    _ tokens: [Int], _ params: SamplingParams = SamplingParams(maxTokens: 1), count: Int = 1
  ) -> SampleRequest {
    SampleRequest(prompt: prompt(tokens), numSamples: count, params: params)
  }

  @Test func sampleBasic() async throws {
    // One stop text is a list of one, and a mistake of the caller is told without a connection.
    try await TraceRun.play(
      "sample_basic",
      onPurpose: [
        "body.sampling_params.stop", "client/config", "client/dynamic_config", "create_session",
      ]
    ) { run in
      let created = await run.step(
        "create_sampling_client",
        { client in
          ["sampling_client": .text(client.samplingSessionID), "base_model": .text(TraceRun.model)]
        }
      ) { try await run.sampling() }
      let client = try #require(created)
      #expect(try await client.baseModel() == TraceRun.model)
      let all = SamplingParams(
        maxTokens: 3, seed: 1, stop: .strings(["\n", "END"]), temperature: 0.7, topK: 20,
        topP: 0.9)
      let calls = [
        ("sample", request([1, 2, 3], all, count: 2)),
        ("sample, defaults", request([4], SamplingParams())),
        (
          "sample, stop tokens",
          request([4], SamplingParams(maxTokens: 1, stop: .tokens([151_645, 2])))
        ),
        (
          "sample, one stop string",
          request([4], SamplingParams(maxTokens: 1, stop: .strings(["x"])))
        ),
        ("sample, no stops at all", request([4], SamplingParams(maxTokens: 1, stop: .strings([])))),
      ]
      for (name, request) in calls {
        await run.step(name, Plain.sample) { try await client.sample(request) }
      }
      let nobody: (SamplingClient) -> JSONValue = { _ in .null }
      await run.step("neither model nor path", nobody) {
        try await run.service().createSamplingClient()
      }
      await run.step("bad path", nobody) {
        try await run.service().createSamplingClient(modelPath: "weights/x")
      }
    }
  }

  @Test func sampleLogprobs() async throws {
    try await TraceRun.play("sample_logprobs") { run in
      let client = try await run.sampling(recordsStabilityInfo: true)
      func ask(_ change: (inout SampleRequest) -> Void) -> SampleRequest {
        var request = request([7, 8, 9, 10], SamplingParams(maxTokens: 2))
        change(&request)
        return request
      }
      let dense = try TensorData(elements: .integers([5, -1, 6, 7, -1, 8]), shape: [3, 2])
      var wide = [Int64](repeating: -1, count: 18)
      wide[16] = 12
      let sparse = try TensorData(elements: .integers(wide), shape: [3, 6]).sparse(padding: -1)
      let calls = [
        (
          "prompt and top-k",
          ask {
            $0.promptLogprobs = true
            $0.topKPromptLogprobs = 2
            $0.topKSampleLogprobs = 3
          }
        ),
        ("target, dense", ask { $0.targetPromptLogprobs = dense }),
        ("target, sparse", ask { $0.targetPromptLogprobs = sparse }),
        ("alternatives", ask { $0.promptAltTokensK = 2 }),
        ("target of floats", ask { $0.targetPromptLogprobs = TensorData([Float(1)]) }),
        ("target of rank 1", ask { $0.targetPromptLogprobs = TensorData([Int64(1)]) }),
        ("negative alternatives", ask { $0.promptAltTokensK = -1 }),
      ]
      for (name, request) in calls {
        await run.step(name, Plain.sample) { try await client.sample(request) }
      }
    }
  }

  @Test func computeLogprobs() async throws {
    try await TraceRun.play("compute_logprobs") { run in
      let client = try await run.sampling()
      await run.step("compute_logprobs", Plain.logprobs) {
        try await client.computeLogprobs(prompt([1, 2, 3, 4, 5]))
      }
      await run.step("last two", Plain.logprobs) {
        try await client.computeLogprobs(prompt([1, 2, 3, 4, 5]), lastN: 2)
      }
      await run.step("last zero", Plain.logprobs) {
        try await client.computeLogprobs(prompt([1, 2]), lastN: 0)
      }
    }
  }

  @Test func sampleSessionPolling() async throws {
    try await TraceRun.play("sample_session_polling") { run in
      let client = try await run.sampling()
      await run.step("sample", Plain.sample) { try await client.sample(request([1, 2])) }
      await run.step("sample again", Plain.sample) { try await client.sample(request([3, 4])) }
      try await Task.sleep(for: .milliseconds(100))
      let polls = run.server.seen.filter { $0.path.hasSuffix("/retrieve_futures") }
      let acknowledged = polls.flatMap { $0.member("retrieved_request_ids")?.array ?? [] }
      #expect(acknowledged == ["req-sess-1:sample:0-0", "req-sess-1:sample:0-1"])
      #expect(polls.last?.member("timeout") == 0)
    }
  }

  @Test func sampleBackpressure() async throws {
    try await TraceRun.play("sample_backpressure") { run in
      let client = try await run.sampling()
      await run.step("sample", Plain.sample) { try await client.sample(request([1, 2])) }
    }
  }

  @Test func sampleCancelled() async throws {
    try await TraceRun.play("sample_cancelled", speed: 1) { run in
      let client = try await run.sampling()
      await run.step("abandoned sample", Plain.sample) {
        let task = Task { try await client.sample(request([1])) }
        try await Task.sleep(for: .milliseconds(700))
        task.cancel()
        return try await task.value
      }
      try await Task.sleep(for: .milliseconds(300))
    }
  }

  @Test func samplePromiseLost() async throws {
    try await TraceRun.play("sample_promise_lost") { run in
      let client = try await run.sampling()
      await run.step("sample", Plain.sample) { try await client.sample(request([1])) }
    }
  }

  @Test func sampleWithoutIDs() async throws {
    // The official client waits for the sample and then fails; ours fails at once.
    try await TraceRun.play(
      "sample_without_ids",
      onPurpose: [
        "never sent: POST /api/v1/retrieve_future"
      ]
    ) { run in
      let client = try await run.sampling()
      await run.step("sample", Plain.sample) { try await client.sample(request([1])) }
    }
  }

  @Test func samplerHandle() async throws {
    // The configuration travels as it came, without the client's defaults.
    try await TraceRun.play(
      "sampler_handle",
      onPurpose: [
        "client_dynamic_config.sample_cancel"
      ]
    ) { run in
      let client = try await run.sampling()
      let handle = try await client.samplerHandle()
      await run.step("handle contents", { (json: JSONValue) in json }) {
        let standard = String(handle.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        var object = try #require(JSONValue.parse(Base64.decode(standard) ?? []).object)
        var holder = try #require(object["holder"]?.object)
        #expect(holder["base_url"]?.text == run.server.url)
        holder["base_url"] = "<base>"
        holder["client_config"] = "<client config>"
        object["holder"] = .object(holder)
        return .object(object)
      }
      #expect(!handle.contains("tml-test"))
      let clone = try await SamplingClient(
        handle: handle, options: run.options(apiKey: "tml-other"), clone: 42)
      await run.step("sample from the clone", Plain.sample) { try await clone.sample(request([1])) }
    }
  }
}
