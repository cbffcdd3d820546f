import ClientTestSupport
import Synchronization
import Testing
import TinkerClient
import TinkerData
import TinkerWire

@Suite struct WaitingTests {
  private func options(_ url: String) -> ServiceOptions {
    var options = ServiceOptions(baseURL: url, apiKey: "tml-test")
    options.environment = Environment([:])
    options.time = .faster(50)
    return options
  }

  /// A service whose optimizer steps never end, for a reason.
  private func pausing() throws -> (LoopbackServer, Count) {
    let service = ScriptedService()
    let polls = Count()
    let server = try LoopbackServer { request in
      let body = String(decoding: request.body, as: UTF8.self)
      guard request.path.hasSuffix("retrieve_future"), !body.contains("create-") else {
        return service.answer(request)
      }
      polls.add()
      return .json(
        #"{"type":"try_again","queue_state":"paused_capacity","queue_state_reason":"busy"}"#)
    }
    return (server, polls)
  }

  @Test func aPauseIsToldOnceAndADeadlineSaysWhatFor() async throws {
    let (server, polls) = try pausing()
    defer { server.stop() }
    let logged = Mutex<[String]>([])
    var options = options(server.url)
    options.log = { _, message in logged.withLock { $0.append(message) } }
    options.deadline = .seconds(150)
    let client = try await ServiceClient(options).createLoraTrainingClient(baseModel: "m")
    let step = try client.optimStep(AdamParams())
    let error = await #expect(throws: ClientError.self) { try await step.value }
    #expect(error?.description.contains("paused for capacity (busy)") == true, "\(error as Any)")
    #expect(logged.withLock { $0.count } == 1, "\(logged.withLock { $0 })")
    // A floor between polls that are answered at once: 50 ms doubling to a second.
    #expect((1...160).contains(polls.value), "\(polls.value) polls in 150 s")
  }

  @Test func theCallbackGetsEveryState() async throws {
    let (server, _) = try pausing()
    defer { server.stop() }
    let states = Mutex<[QueueState]>([])
    var options = options(server.url)
    options.onQueueState = { report in states.withLock { $0.append(report.state) } }
    let client = try await ServiceClient(options).createLoraTrainingClient(baseModel: "m")
    let step = try client.optimStep(AdamParams())
    try await step.submitted
    _ = await #expect(throws: PendingResultTimeout.self) {
      try await step.value(timeout: .milliseconds(100))
    }
    step.cancel()
    #expect(states.withLock { $0.first } == .active, "the model was created")
    #expect(states.withLock { $0.last } == .pausedCapacity)
  }

  @Test func aNameClashSurfacesAtOnce() async throws {
    let service = ScriptedService()
    let saves = Count()
    let server = try LoopbackServer { request in
      guard request.path.hasSuffix("save_weights") else { return service.answer(request) }
      saves.add()
      return .json(#"{"detail":"name in use"}"#, status: 409)
    }
    defer { server.stop() }
    let client = try await ServiceClient(options(server.url)).createLoraTrainingClient(
      baseModel: "m")
    let error = await #expect(throws: ClientError.self) {
      try await client.saveState(name: "a").value
    }
    #expect(error?.status == 409)
    #expect(saves.value == 1)
  }
}
