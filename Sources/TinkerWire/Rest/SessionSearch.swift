package import TinkerData
public import TinkerJSON

/// What sessions are searched for. Every condition must hold.
public struct SessionSearch: Sendable, Hashable {
  /// Whose sessions.
  public enum Owner: Sendable, Hashable {
    /// One's own.
    case own
    /// Of all that one may see.
    case accessible
    /// Of these users, one to ten names in the service's form.
    case users([String])
  }

  /// A state of sessions.
  public enum Status: Sendable, Hashable {
    /// At work.
    case active
    /// Ended by hand in the console.
    case cancelled
    /// Ended by a failure.
    case failed
    /// Ended by its client: for any reason, or one of `success`, `errored` and `interrupted`.
    case clientFinished(reasons: [String]? = nil)
  }

  /// The id of one session. With ``displayName``, a session that matches either one is found.
  public var sessionID: String?
  /// The projects; `nil` for all that one may list.
  public var projectIDs: [String]?
  /// Texts that were kept with the session.
  public var userMetadata: [String: String] = [:]
  /// Words of the name, in any case.
  public var displayName: String?
  /// Whose sessions.
  public var owner = Owner.own
  /// The states; `nil` for all.
  public var statuses: [Status]?
  /// The most sessions of a page, 1 to 200.
  public var limit = 50
  /// Where the page begins: ``SessionSearchPage/nextCursor`` of the page before.
  public var cursor: JSONObject?

  /// A search for one's own sessions.
  public init() {}

  /// The body of the request.
  ///
  /// - Throws: `DataError` for a limit outside its range.
  package func body() throws(DataError) -> [UInt8] {
    guard (1...200).contains(limit) else {
      throw .parameter(name: "limit", "must lie in 1...200, not \(limit)")
    }
    return jsonBody([
      "session_id": .text(sessionID),
      "project_ids": projectIDs.map { .array($0.map { .text($0) }) },
      "user_metadata": .texts(userMetadata), "display_name": .text(displayName),
      "owner": owner.json, "statuses": statuses.map { .array($0.map(\.json)) },
      "limit": .int(limit), "cursor": cursor.map { .object($0) },
    ])
  }
}

extension SessionSearch.Owner {
  fileprivate var json: JSONValue {
    switch self {
    case .own: ["type": "own"]
    case .accessible: ["type": "accessible"]
    case .users(let names): ["type": "user", "owner_urns": .array(names.map { .text($0) })]
    }
  }
}

extension SessionSearch.Status {
  fileprivate var json: JSONValue {
    switch self {
    case .active: return ["type": "active"]
    case .cancelled: return ["type": "cancelled"]
    case .failed: return ["type": "failed"]
    case .clientFinished(let reasons):
      guard let reasons else { return ["type": "client_finished"] }
      return ["type": "client_finished", "reasons": .array(reasons.map { .text($0) })]
    }
  }
}

/// A page of found sessions, the last first.
public struct SessionSearchPage: Sendable, Hashable {
  /// The sessions.
  public var sessions: [FoundSession]
  /// What the next search is given as ``SessionSearch/cursor``; `nil` at the end.
  public var nextCursor: JSONObject?

  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "found sessions")
    sessions = try fields.array("sessions") { (value, place) throws(DataError) in
      try FoundSession(json: value, at: place)
    }
    nextCursor = try fields["next_cursor"]?.object
  }
}

/// A session that was found.
public struct FoundSession: Sendable, Hashable {
  /// The id.
  public var id: String
  /// When it began, RFC 3339.
  public var createdAt: String
  /// Who owns it, in the service's form.
  public var owner: String
  /// Its project.
  public var projectID: String
  /// Its state with reasons, as the service tells; `nil` if it neither ended nor is known to run.
  public var status: JSONObject?
  /// The number of its checkpoints.
  public var checkpointCount: Int
  /// The bytes of its checkpoints, if the service tells.
  public var checkpointByteCount: Int?
  /// Its name for people.
  public var displayName: String?
  /// Texts that were kept with it.
  public var userMetadata: [String: String]?

  init(json: JSONValue, at path: String) throws(DataError) {
    let fields = JSONFields(json, at: path)
    id = try fields.string("session_id")
    createdAt = try fields.string("created_at")
    owner = try fields.string("owner")
    projectID = try fields.string("project_id")
    status = try fields["status"]?.object
    checkpointCount = try fields.int("checkpoints_count")
    checkpointByteCount = try fields.optionalInt("checkpoint_storage_bytes")
    displayName = try fields.optionalString("display_name")
    userMetadata = try fields.optionalStrings("user_metadata")
  }
}
