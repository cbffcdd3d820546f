import TinkerWire

/// A session of a client: what it was told, and what belongs to it.
struct Session: Sendable {
  let id: String
  let createdAt: Int
  var request: CreateSessionRequest
  /// When it was last heard of, on the clock that only runs forward.
  var lastHeard: Double
  var modelIDs: [String] = []
  var samplerIDs: [String] = []
  var projectID: String?
}
