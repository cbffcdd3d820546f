package import TinkerJSON

extension QueueState {
  /// The state as the protocol names it.
  package var name: String {
    switch self {
    case .active: "active"
    case .pausedCapacity: "paused_capacity"
    case .pausedRateLimit: "paused_rate_limit"
    case .unknown(let name): name
    }
  }
}

extension FutureReply {
  /// The JSON form of an answer about a request.
  package func json(requestID: String) -> JSONValue {
    switch self {
    case .pending(let state, let reason):
      .members([
        "type": "try_again", "request_id": .text(requestID), "queue_state": .text(state.name),
        "queue_state_reason": .text(reason),
      ])
    case .metadata(let byteCount):
      .members(["status": "complete_metadata", "response_payload_size": .int(byteCount)])
    case .failed(let message, let category):
      .members(["error": .text(message), "category": .text(category.rawValue)])
    case .result(let json): json
    }
  }
}
