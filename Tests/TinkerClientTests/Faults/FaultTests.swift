import ClientTestSupport
import Synchronization
import Testing
import TinkerClient
import TinkerData
import TinkerWire

/// What happens to the first delivery of every request.
enum Fault: String, CaseIterable, Sendable {
  /// The request never arrives.
  case dropped
  /// The request arrives and its answer is lost.
  case answerLost
  /// The connection is reset after the request arrived.
  case reset
  /// The answer breaks off.
  case truncated
  /// The answer is late.
  case delayed
  /// The request arrives twice.
  case duplicated
  /// A proxy answers in the service's place.
  case unavailable
  /// A proxy asks to slow down.
  case rateLimited
  /// A proxy refuses without a word.
  case emptyRefusal
}

@Suite struct FaultTests {
  /// The requests of a run with passes of several parts, steps, saves and a custom loss.
  private static func train(_ url: String) async throws {
    var options = ServiceOptions(baseURL: url, apiKey: "tml-test")
    options.environment = Environment([:])
    options.time = .faster(100)
    options.log = { _, _ in }
    let service = ServiceClient(options)
    let client = try await service.createLoraTrainingClient(baseModel: "m")
    let many = (0..<2500).map { _ in datum([1], weights: [1]) }
    let pass = try client.forwardBackward(many)
    let first = try client.optimStep(AdamParams())
    let custom = try client.forwardBackwardCustom([datum([1, 2])]) { _, logprobs in
      CustomLossValue(loss: 1, gradient: logprobs.map { $0.map { _ in 1 } })
    }
    let second = try client.optimStep(AdamParams())
    let saved = try client.saveState(name: "end")
    #expect(try await pass.value.lossOutputs.count == 2500)
    _ = try await (first.value, custom.value, second.value)
    #expect(try await saved.value.hasSuffix("/weights/end"))
    try await service.close()
  }

  private static let wanted = [
    "1 forward_backward", "2 forward_backward", "3 forward_backward", "4 optim_step", "5 forward",
    "6 forward_backward", "7 optim_step", "8 save_weights",
  ]

  @Test func withoutFaults() async throws {
    let service = ScriptedService()
    let server = try LoopbackServer { service.answer($0) }
    defer { server.stop() }
    try await Self.train(server.url)
    #expect(service.executed == Self.wanted)
  }

  @Test(arguments: Fault.allCases) func everyRequestSuffersOnce(_ fault: Fault) async throws {
    let service = ScriptedService()
    let seen = Mutex<Set<String>>([])
    let server = try LoopbackServer { request in
      let name = Self.name(of: request)
      guard seen.withLock({ $0.insert(name).inserted }) else { return service.answer(request) }
      switch fault {
      case .dropped: return .drop
      case .answerLost:
        _ = service.answer(request)
        return .drop
      case .reset:
        _ = service.answer(request)
        return .reset
      case .truncated:
        guard case .respond(let status, let headers, let body) = service.answer(request) else {
          return .drop
        }
        return .truncated(
          status: status, headers: headers, body: Array(body.prefix(body.count / 2)))
      case .delayed: return .after(.milliseconds(30)) { service.answer(request) }
      case .duplicated:
        _ = service.answer(request)
        return service.answer(request)
      case .unavailable: return .json(#"{"detail":"later"}"#, status: 503)
      case .rateLimited: return .json(#"{"detail":"slow"}"#, status: 429)
      case .emptyRefusal:
        // Calls of the connection alone are not made again after it, so those are spared.
        let isAlone = name.contains("create_model") || name.contains("create_session")
        return isAlone ? service.answer(request) : .respond(status: 400)
      }
    }
    defer { server.stop() }
    try await Self.train(server.url)
    #expect(service.executed == Self.wanted)
  }

  /// Tells requests apart, however often they are sent.
  private static func name(of request: ServerRequest) -> String {
    if request.path.hasSuffix("/forward_backward"),
      let pass = try? ForwardBackwardRequest(serialized: request.body)
    {
      return "\(request.path) \(pass.sequenceNumber)"
    }
    return "\(request.path) \(String(decoding: request.body, as: UTF8.self))"
  }

  @Test func refusedPartBlocksNothing() async throws {
    let service = ScriptedService()
    let server = try LoopbackServer { request in
      if let pass = try? ForwardBackwardRequest(serialized: request.body), pass.sequenceNumber == 2
      {
        // Refused, which counts as arrived.
        _ = service.answer(request)
        return .json(#"{"detail":"bad data"}"#, status: 400)
      }
      return service.answer(request)
    }
    defer { server.stop() }
    var options = ServiceOptions(baseURL: server.url, apiKey: "tml-test")
    options.environment = Environment([:])
    options.time = .faster(100)
    let client = try await ServiceClient(options).createLoraTrainingClient(baseModel: "m")
    let pass = try client.forwardBackward((0..<2500).map { _ in datum([1], weights: [1]) })
    let step = try client.optimStep(AdamParams())
    let error = await #expect(throws: ClientError.self) { try await pass.value }
    #expect(error?.status == 400)
    _ = try await step.value
    #expect(
      service.executed == ["1 forward", "2 forward_backward", "3 forward_backward", "4 optim_step"])
  }
}
