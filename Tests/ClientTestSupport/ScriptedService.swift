import Synchronization
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

/// A service that does nothing but keep the protocol: it orders the requests of a model by their
/// numbers, knows a second submission, and counts what it executed.
package final class ScriptedService: Sendable {
  private struct Model {
    var arrived: [Int: String] = [:]
    var next = 1
  }

  private struct State {
    var sessions: [String: String] = [:]
    var models: [String: Model] = [:]
    var results: [String: ServerReply] = [:]
    var executed: [String] = []
    var requests = 0
  }

  /// How long a poll for a sample is held before its result is there.
  package let sampleTime: Duration
  private let state = Mutex(State())

  package init(sampleTime: Duration = .zero) { self.sampleTime = sampleTime }

  /// The operations that were executed, in order.
  package var executed: [String] { state.withLock { $0.executed } }
  /// The requests that came.
  package var requests: Int { state.withLock { $0.requests } }

  package func answer(_ request: ServerRequest) -> ServerReply {
    state.withLock { $0.requests += 1 }
    let route = String(request.path.dropFirst(Route.prefix.count))
    if route == "forward_backward" {
      guard let pass = try? ForwardBackwardRequest(serialized: request.body) else {
        return .json(#"{"detail":"unreadable"}"#, status: 422)
      }
      let outputs = pass.data.map { datum -> ForwardBackwardOutput.LossOutput in
        let count = datum.modelInput.length
        let logprobs = TensorData([Float](repeating: -0.5, count: count))
        return .init(tensors: [.init(name: "logprobs", tensor: logprobs)])
      }
      let output = ForwardBackwardOutput(
        outputType: "Scripted", lossOutputs: outputs, metrics: ["loss:sum": 0.5])
      let body = (try? output.serialized()) ?? []
      return accept(
        pass.modelID, pass.sequenceNumber, pass.isForwardOnly ? "forward" : "forward_backward",
        .respond(status: 200, headers: ["content-type": ContentType.protobuf], body: body))
    }
    let body = (try? JSONValue.parse(request.body)) ?? [:]
    switch route {
    case "client/config", "client/dynamic_config", "session_heartbeat", "telemetry":
      return .json("{}")
    case "create_session":
      // One key is one session, as in any service that honours idempotency keys.
      let key = request.headers["x-idempotency-key"] ?? ""
      let id = state.withLock { state in
        if let known = state.sessions[key] { return known }
        state.sessions[key] = "s\(state.sessions.count)"
        return state.sessions[key] ?? ""
      }
      return .json(#"{"session_id":"\#(id)"}"#)
    case "create_model":
      let id = "\(body["session_id"]?.text ?? ""):train:\(body["model_seq_id"]?.int ?? 0)"
      state.withLock { state in
        if state.models[id] == nil { state.models[id] = Model() }
        state.results["create-\(id)"] = .json(#"{"model_id":"\#(id)"}"#)
      }
      return .json(#"{"request_id":"create-\#(id)"}"#)
    case "get_info":
      let id = body["model_id"]?.text ?? ""
      return .json(#"{"model_id":"\#(id)","model_data":{"model_name":"m"}}"#)
    case "optim_step", "save_weights":
      let id = body["model_id"]?.text ?? ""
      let result = #"{"path":"tinker://\#(id)/weights/\#(body["path"]?.text ?? "")"}"#
      return accept(id, body["seq_id"]?.int ?? 0, route, .json(result))
    case "create_sampling_session":
      return .json(#"{"sampling_session_id":"sampler"}"#)
    case "asample":
      let id = "sample-\(body["seq_id"]?.int ?? 0)"
      return .json(#"{"request_id":"\#(id)","sample_sequence_ids":["\#(id)/0"]}"#)
    case "retrieve_future": return retrieve(body["request_id"]?.text ?? "")
    default:
      return route.hasSuffix("/finish")
        ? .respond(status: 204) : .json(#"{"detail":"unknown"}"#, status: 404)
    }
  }

  private func accept(
    _ model: String, _ number: Int, _ operation: String, _ result: ServerReply
  ) -> ServerReply {
    let id = "\(model)-\(number)"
    state.withLock { state in
      state.results[id] = result
      var known = state.models[model] ?? Model()
      if known.arrived[number] == nil { known.arrived[number] = operation }
      while let next = known.arrived[known.next] {
        state.executed.append("\(known.next) \(next)")
        known.next += 1
      }
      state.models[model] = known
    }
    return .json(#"{"request_id":"\#(id)"}"#)
  }

  private static let sampled: ServerReply = {
    let response = SampleResponse(sequences: [
      SampledSequence(
        tokens: [UInt32](0..<64), logprobs: [Float](repeating: -0.5, count: 64),
        stopReason: .stop)
    ])
    return .respond(
      status: 200, headers: ["content-type": ContentType.protobuf],
      body: (try? response.serialized()) ?? [])
  }()

  private func retrieve(_ id: String) -> ServerReply {
    if id.hasPrefix("sample-") {
      return sampleTime == .zero ? Self.sampled : .after(sampleTime) { Self.sampled }
    }
    return state.withLock { state in
      guard let result = state.results[id] else {
        return .json(#"{"detail":"unknown request"}"#, status: 404)
      }
      // A request that waits for an earlier one has no result yet.
      if let number = id.split(separator: "-").last.flatMap({ Int($0) }),
        let model = state.models[String(id.dropLast("-\(number)".count))], number >= model.next
      {
        return .json(#"{"type":"try_again","queue_state":"active"}"#)
      }
      return result
    }
  }
}
