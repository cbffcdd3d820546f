import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

@Suite(.enabled(if: Trace.isAvailable, tracesNeedSharedMaterial))
struct CustomLossTraceTests {
  private struct BrokenLoss: Error, CustomStringConvertible {
    let description = "broken loss"
  }

  @Test func customLoss() async throws {
    // Metrics pass as the loss names them; the backward pass's own loss stays beside it.
    try await TraceRun.play("custom_loss") { run in
      let client = try await run.training()
      let squares: CustomLoss = { _, logprobs in
        let total = logprobs.joined().reduce(0) { $0 + Double($1) * Double($1) }
        return CustomLossValue(
          loss: total, gradient: logprobs.map { $0.map { 2 * $0 } }, metrics: ["squares": total])
      }
      let pass = try client.forwardBackwardCustom(
        [datum([1, 2]), datum([3], weights: [1])], loss: squares)
      let step = try client.optimStep(AdamParams())
      await run.step("forward_backward_custom", Plain.output) { try await pass.value }
      await run.step("optim_step", Plain.step) { try await step.value }
      await run.step("no target_tokens", Plain.output) {
        try await client.forwardBackwardCustom(
          [Datum(modelInput: prompt([1]), lossInputs: [])], loss: squares
        ).value
      }
    }
  }

  @Test func customLossChunked() async throws {
    try await TraceRun.play("custom_loss_chunked") { run in
      let client = try await run.training()
      let pass = try client.forwardBackwardCustom([datum([1]), datum([2])]) { _, logprobs in
        CustomLossValue(
          loss: logprobs.joined().reduce(0) { $0 + Double($1) },
          gradient: logprobs.map { $0.map { _ in 1 } })
      }
      await run.step("forward_backward_custom", Plain.output) { try await pass.value }
    }
  }

  @Test func customLossOnServer() async throws {
    try await TraceRun.play("custom_loss_on_server") { run in
      let service = run.service()
      let client = try await run.training(service)
      let recorded = run.trace.exchanges.first { $0.path.hasSuffix("create_custom_loss") }
      let graph = try #require(recorded?.member("graph"))
      let inputs: [LossHandle.Input] = [.init("logprobs", rank: 1), .init("advantages", rank: 1)]
      let created = await run.step(
        "create_custom_loss",
        { loss in
          [
            "name": .text(loss.name), "loss_id": .text(loss.lossID),
            "inputs": .array(
              loss.inputs.map { ["name": .text($0.name), "rank": .int($0.rank)] }),
          ]
        }
      ) { try await service.createCustomLoss(name: "weighted", inputs: inputs, graph: graph) }
      let loss = try #require(created)
      await run.step("forward_backward_custom", Plain.output) {
        let advantages = TensorData([1, -1] as [Float])
        return try await client.forwardBackwardCustom(
          [datum([1, 2], [("advantages", advantages)])], loss: loss
        ).value
      }
      await run.step("missing input", Plain.output) {
        try await client.forwardBackwardCustom([datum([1, 2])], loss: loss).value
      }
    }
  }

  @Test func customLossFails() async throws {
    // The official client poisons itself; ours uses the reserved places up and goes on.
    try await TraceRun.play(
      "custom_loss_fails",
      onPurpose: [
        "not in the trace: POST /api/v1/forward_backward model_id=\"sess-1:train:0\" seq_id=2",
        "not in the trace: POST /api/v1/optim_step",
      ]
    ) { run in
      let client = try await run.training()
      let pass = try client.forwardBackwardCustom([datum([1, 2])]) { _, _ in throw BrokenLoss() }
      let step = try client.optimStep(AdamParams())
      await run.step("forward_backward_custom", Plain.output) { try await pass.value }
      await run.step("optim_step submitted before", Plain.step) { try await step.value }
      await run.step("optim_step submitted after", Plain.step) {
        try await client.optimStep(AdamParams()).value
      }
      let filler = try #require(
        run.server.seen.compactMap { exchange in
          if case .pass(let pass) = exchange.body, pass.sequenceNumber == 2 { pass } else { nil }
        }.first)
      #expect(filler.isForwardOnly, "the reserved place adds nothing to the gradient")
    }
  }
}
