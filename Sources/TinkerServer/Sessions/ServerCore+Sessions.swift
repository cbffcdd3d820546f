import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerLocal
import TinkerWire

extension ServerCore {
  func createSession(_ request: CreateSessionRequest) -> JSONValue {
    var seed = (RandomStream.systemSeed(), RandomStream.systemSeed())
    let id = Self.uuid(&seed)
    sessions[id] = Session(
      id: id, createdAt: Machine.now, request: request, lastHeard: Machine.uptime,
      projectID: request.projectID)
    return .members(["type": "create_session", "session_id": .text(id)])
  }

  private static func uuid(_ seed: inout (UInt64, UInt64)) -> String {
    let text = [seed.0, seed.1].map { value in
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
    let ends = [8, 12, 16, 20, 32]
    var parts: [Substring] = []
    var rest = Substring(text)
    var start = 0
    for end in ends {
      parts.append(rest.prefix(end - start))
      rest = rest.dropFirst(end - start)
      start = end
    }
    return parts.joined(separator: "-")
  }

  /// A session, which counts as heard of.
  func heard(of id: String) throws(Refusal) -> Session {
    guard let session = sessions[id] else {
      throw Refusal(
        404, "there is no session \(id): it has ended, or the server was started anew")
    }
    sessions[id]?.lastHeard = Machine.uptime
    return session
  }

  func heartbeat(_ id: String) throws(Refusal) -> JSONValue {
    guard sessions[id] != nil else { throw Refusal(410, "the session \(id) is over") }
    sessions[id]?.lastHeard = Machine.uptime
    return .members(["type": "session_heartbeat"])
  }

  /// Forgets a session with its models, once their requests are done, and its samplers.
  func finish(session id: String) {
    guard let session = sessions.removeValue(forKey: id) else { return }
    for model in session.modelIDs { release(model: model) }
    for sampler in session.samplerIDs { samplers[sampler] = nil }
    forgetUnusedWeights()
  }

  /// Forgets the sessions that were not heard of for long.
  func finishSilentSessions() {
    let limit = Double(options.sessionLimit.components.seconds)
    let now = Machine.uptime
    for session in sessions.values where now - session.lastHeard > limit {
      finish(session: session.id)
    }
  }

  func sessionInfo(_ id: String) throws(Refusal) -> SessionInfo {
    if let session = sessions[id] {
      return SessionInfo(
        trainingRunIDs: session.modelIDs, samplerIDs: session.samplerIDs,
        userMetadata: session.request.userMetadata, displayName: session.request.displayName)
    }
    let runs = catalog.runs().filter { $0.sessionID == id }
    guard !runs.isEmpty else { throw Refusal(404, "there is no session \(id)") }
    return SessionInfo(
      trainingRunIDs: runs.map(\.id), samplerIDs: [], userMetadata: nil, displayName: nil)
  }

  /// The ids of all sessions, those of earlier runs of the server among them, the last first.
  func sessionIDs() -> [String] {
    let live = sessions.values.sorted { ($1.createdAt, $1.id) < ($0.createdAt, $0.id) }.map(\.id)
    var known = Set(live)
    return live
      + catalog.runs().compactMap(\.sessionID).filter { known.insert($0).inserted }.sorted()
  }

  func searchSessions(_ json: JSONValue) throws(DataError) -> JSONValue {
    let fields = JSONFields(json, at: "sessions/search")
    let id = try fields.optionalString("session_id")
    let name = try fields.optionalString("display_name")
    let metadata = try fields.optionalStrings("user_metadata") ?? [:]
    let limit = try fields.optionalInt("limit") ?? 50
    let projects = try fields.optionalArray("project_ids", text)
    let found = sessions.values.filter { session in
      (id == nil || session.id == id)
        && (name == nil || session.request.displayName == name)
        && (projects == nil || session.projectID.map { projects?.contains($0) == true } == true)
        && metadata.allSatisfy { session.request.userMetadata?[$0.key] == $0.value }
    }.sorted { ($1.createdAt, $1.id) < ($0.createdAt, $0.id) }
    let rows = found.prefix(max(0, min(limit, 200))).map { session in
      JSONValue.members([
        "session_id": .text(session.id),
        "created_at": .text(FileSystem.timestamp(session.createdAt)),
        "user_metadata": .texts(session.request.userMetadata),
        "display_name": .text(session.request.displayName),
        "project_id": .text(session.projectID),
        "tags": .array(session.request.tags.map { .text($0) }),
        "training_run_ids": .array(session.modelIDs.map { .text($0) }), "status": "active",
      ])
    }
    return .members(["sessions": .array(rows)])
  }

  func setProject(session id: String, _ project: String?) throws(Refusal) {
    _ = try heard(of: id)
    sessions[id]?.projectID = project
  }
}
