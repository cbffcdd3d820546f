import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

@Suite(.enabled(if: Trace.isAvailable, tracesNeedSharedMaterial))
struct CheckpointTraceTests {
  private func sampler(_ client: SamplingClient) -> JSONValue {
    ["sampling_client": .text(client.samplingSessionID), "base_model": .text(TraceRun.model)]
  }

  @Test func saveAndSample() async throws {
    try await TraceRun.play("save_and_sample") { run in
      let service = run.service()
      let client = try await run.training(service)
      let path = await run.step("save_weights_for_sampler", Plain.saved(nil)) {
        try await client.saveWeightsForSampler(
          name: "step-1", ttlSeconds: 3600, userMetadata: ["k": "v"]
        ).value
      }
      let first = await run.step("create_sampling_client", sampler) {
        try await service.createSamplingClient(modelPath: path)
      }
      let one = SamplingParams(maxTokens: 1)
      await run.step("sample", Plain.sample) {
        try await #require(first).sample(SampleRequest(prompt: prompt([1]), params: one))
      }
      let second = await run.step("save_weights_and_get_sampling_client", sampler) {
        try await client.saveWeightsAndGetSamplingClient().value
      }
      await run.step("sample", Plain.sample) {
        try await #require(second).sample(SampleRequest(prompt: prompt([2]), params: one))
      }
      await run.step("inflight", sampler) {
        try await client.saveWeightsAndGetSamplingClient(kind: .inflight).value
      }
      await run.step("save_weights_external", { Plain.saved(nil)($0.path) }) {
        try await client.saveWeightsExternal(
          name: "hf", ageEncryptionRecipients: ["age1fake"]
        ).value
      }
    }
  }

  @Test func saveAndLoad() async throws {
    // Loading gives no value: what the official client returns is what the caller passed.
    try await TraceRun.play(
      "save_and_load",
      onPurpose: [
        "load_state (deprecated) returned", "load_state_with_optimizer (deprecated) returned",
      ]
    ) { run in
      let service = run.service()
      let client = try await run.training(service)
      let saved = await run.step("save_state", Plain.saved("save_weights")) {
        try await client.saveState(
          name: "step-1", ttlSeconds: 7200, overwrite: true, userMetadata: ["step": "1"]
        ).value
      }
      let path = try #require(saved)
      let again = await run.step("create_training_client_from_state", Plain.client) {
        try await service.createTrainingClientFromState(
          path, baseModel: TraceRun.model, userMetadata: ["x": "y"])
      }
      await run.step("optim_step on it", Plain.step) {
        try await #require(again).optimStep(AdamParams()).value
      }
      await run.step("create_training_client_from_state_with_optimizer", Plain.client) {
        try await service.createTrainingClientFromStateWithOptimizer(
          path, weightsAccessToken: "tml-token")
      }
      await run.step("load_state (deprecated)", Plain.nothing) {
        try await client.loadState(path: path, withOptimizer: false).value
      }
      await run.step("load_state_with_optimizer (deprecated)", Plain.nothing) {
        try await client.loadState(path: path, withOptimizer: true).value
      }
    }
  }

  @Test func restCheckpoints() async throws {
    try await TraceRun.play(
      "rest_checkpoints"
    ) { run in
      let rest = run.rest()
      let path = "tinker://sess-1:train:0/weights/a"
      await run.step("list_checkpoints", Plain.checkpoints) {
        try await rest.listCheckpoints(runID: "sess-1:train:0")
      }
      await run.step("list_user_checkpoints", Plain.checkpoints) {
        try await rest.listUserCheckpoints(limit: 5, offset: 2)
      }
      await run.step("publish", Plain.nothing) { try await rest.publishCheckpoint(path: path) }
      await run.step("unpublish", Plain.nothing) { try await rest.unpublishCheckpoint(path: path) }
      await run.step("set ttl", Plain.nothing) {
        try await rest.setCheckpointTTL(path: path, ttlSeconds: 86400)
      }
      await run.step("clear ttl", Plain.nothing) {
        try await rest.setCheckpointTTL(path: path, ttlSeconds: nil)
      }
      await run.step("delete", Plain.nothing) { try await rest.deleteCheckpoint(path: path) }
      await run.step("delete by ids", Plain.nothing) { try await rest.deleteCheckpoint(path: path) }
      await run.step(
        "weights info",
        { info in
          [
            "base_model": .text(info.baseModel), "is_lora": .bool(info.isLora),
            "lora_rank": .int(info.loraRank ?? 0),
            "train_unembed": .bool(info.trainUnembed ?? false),
            "train_mlp": .bool(info.trainMLP ?? false),
            "train_attn": .bool(info.trainAttn ?? false),
            "optimizer_config": info.optimizer?.json ?? .null,
          ]
        }
      ) { try await rest.getWeightsInfo(path: path) }
      let addresses: (ExternalWeightsURLs) -> JSONValue = {
        ["urls": JSONValue.texts($0.urls) ?? .null, "expires": .text($0.expires)]
      }
      await run.step("external urls", addresses) {
        try await rest.getExternalWeightsURLs(path: "tinker://sess-1:train:0/external_weights/hf")
      }
      await run.step("external urls of another kind", addresses) {
        try await rest.getExternalWeightsURLs(path: path)
      }
      for bad in ["weights/a", "tinker://r/weights/a/b", "tinker://r/other/a"] {
        await run.step("parse \(bad)", { (_: CheckpointPath) in .null }) { try CheckpointPath(bad) }
      }
    }
  }

  @Test func restRuns() async throws {
    try await TraceRun.play("rest_runs") { run in
      let rest = run.rest()
      let runs: (Page<TrainingRun>) -> JSONValue = {
        ["training_runs": .array($0.elements.map(Plain.run)), "cursor": Plain.cursor($0.cursor)]
      }
      await run.step("list_training_runs", runs) { try await rest.listTrainingRuns() }
      await run.step("list_training_runs filtered", runs) {
        try await rest.listTrainingRuns(
          limit: 3, offset: 1, accessScope: .accessible, projectID: "proj-1")
      }
      await run.step("get_training_run", Plain.run) {
        try await rest.getTrainingRun(id: "sess-1:train:0")
      }
      await run.step("by path", Plain.run) {
        try await rest.getTrainingRun(checkpointPath: "tinker://sess-1:train:0/sampler_weights/a")
      }
      await run.step("list_sessions", { ["sessions": .array($0.map { .text($0) })] }) {
        try await rest.listSessions()
      }
      await run.step(
        "get_session",
        { session in
          [
            "training_run_ids": .array(session.trainingRunIDs.map { .text($0) }),
            "sampler_ids": .array(session.samplerIDs.map { .text($0) }),
            "user_metadata": JSONValue.texts(session.userMetadata) ?? .null,
            "display_name": session.displayName.map { .text($0) } ?? .null,
          ]
        }
      ) { try await rest.getSession(id: "sess-1") }
      await run.step("assign_session_project", Plain.nothing) {
        try await rest.assignSessionProject(sessionID: "sess-1", projectID: "proj-2")
      }
      await run.step("export_session_trace", Plain.text) {
        try await rest.exportSessionTrace(sessionID: "sess-1")
      }
      await run.step(
        "get_sampler",
        { sampler in
          [
            "sampler_id": .text(sampler.id), "base_model": .text(sampler.baseModel),
            "model_path": sampler.modelPath.map { .text($0) } ?? .null,
          ]
        }
      ) { try await rest.getSampler(id: "sess-1:sample:0") }
      await run.step("copy_weights", Plain.text) {
        try await rest.copyWeights(
          path: "tinker://other:train:0/weights/a", destinationProjectID: "proj-1",
          ttlSeconds: 3600, weightsAccessToken: "tml-token")
      }
      await run.step("whoami with a plain key", { (_: RestClient.Identity) in .null }) {
        try await rest.whoami()
      }
    }
  }
}
