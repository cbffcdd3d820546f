import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

@Suite(.enabled(if: Trace.isAvailable, tracesNeedSharedMaterial))
struct FailureTraceTests {
  private var one: [Datum] { [datum([1], weights: [1])] }

  @Test func tryAgain() async throws {
    try await TraceRun.play("try_again") { run in
      let client = try await run.training()
      await run.step("forward_backward", Plain.output) {
        try await client.forwardBackward(one).value
      }
    }
  }

  @Test func metadataFirst() async throws {
    try await TraceRun.play("metadata_first") { run in
      let client = try await run.training()
      await run.step("forward_backward", Plain.output) {
        try await client.forwardBackward(one).value
      }
    }
  }

  @Test func futureFailed() async throws {
    try await TraceRun.play("future_failed") { run in
      let client = try await run.training()
      await run.step("user error", Plain.output) { try await client.forwardBackward(one).value }
      await run.step("server error", Plain.step) { try await client.optimStep(AdamParams()).value }
      await run.step("unknown category", Plain.text) { try await client.saveState(name: "x").value }
      await run.step("the client goes on", Plain.step) {
        try await client.optimStep(AdamParams()).value
      }
    }
  }

  @Test func retrieveErrors() async throws {
    try await TraceRun.play("retrieve_errors") { run in
      let client = try await run.training()
      let calls = ["500 500 429 429 then the result", "400 four times", "404", "410"]
      for call in calls {
        await run.step(call, Plain.step) { try await client.optimStep(AdamParams()).value }
      }
    }
  }

  @Test func resultTimeout() async throws {
    try await TraceRun.play("result_timeout", speed: 1) { run in
      let client = try await run.training()
      await run.step("result(timeout)", Plain.step) {
        try await client.optimStep(AdamParams()).value(timeout: .milliseconds(500))
      }
      await run.step("the next request", Plain.step) {
        try await client.optimStep(AdamParams()).value(timeout: .seconds(10))
      }
    }
  }

  @Test func submitFatal() async throws {
    try await TraceRun.play("submit_fatal") { run in
      let client = try await run.training()
      for status in [400, 401, 403, 404, 422, 418] {
        await run.step("optim_step answered \(status)", Plain.step) {
          try await client.optimStep(AdamParams()).value
        }
      }
    }
  }

  @Test(arguments: ["submit_retried", "submit_second_layer", "billing_pause", "empty_400"])
  func optimStep(scenario: String) async throws {
    try await TraceRun.play(scenario) { run in
      let client = try await run.training()
      await run.step("optim_step", Plain.step) { try await client.optimStep(AdamParams()).value }
    }
  }

  @Test func userErrors() async throws {
    try await TraceRun.play("user_errors") { run in
      let service = run.service()
      await run.step("unknown model", Plain.client) {
        try await service.createLoraTrainingClient(baseModel: "no/such")
      }
      await run.step("unknown sampler", { (_: SamplingClient) in .null }) {
        try await service.createSamplingClient(modelPath: "tinker://x/sampler_weights/y")
      }
      await run.step("unknown run", Plain.run) { try await run.rest().getTrainingRun(id: "nope") }
      await run.step("negative ttl is not checked", Plain.saved("save_weights")) {
        try await service.createLoraTrainingClient(baseModel: TraceRun.model).saveState(
          name: "x", ttlSeconds: -1
        ).value
      }
      // Our tensors have two element types and one shape, our configurations no other fields, and the
      // tokens of an input with an image are `nil`.
      for call in [
        "ragged target", "unknown list key", "bad tensor dtype", "unknown LoRA field",
        "to_ints with an image",
      ] { run.impossible(call) }
    }
  }

  @Test func telemetryOn() async throws {
    try await TraceRun.play("telemetry_on") { run in
      let service = run.service()
      let client = try await run.training(service)
      await run.step("optim_step", Plain.step) { try await client.optimStep(AdamParams()).value }
      await run.step("close", Plain.nothing) { try await service.close(status: .success) }
      let sent = run.server.seen.filter { $0.path.hasSuffix("/telemetry") }
      let events = sent.flatMap { $0.member("events")?.array ?? [] }
      let names = events.compactMap { $0["event_name"]?.text ?? $0["event"]?.text }
      #expect(names == ["SESSION_START", "user_error", "SESSION_END"])
      #expect(events.compactMap { $0["event_session_index"]?.int } == [0, 1, 2])
      #expect(events[1]["event_data"]?["status_code"] == 400)
      #expect(sent.first?.member("session_id") == "sess-1")
    }
  }
}
