import Synchronization
import TinkerJSON
import TinkerWire

/// What the service is told about a session, once the user has switched it on with `TINKER_TELEMETRY`:
/// that it began and ended, and which mistakes of the caller the service refused. No texts of the caller,
/// no credentials.
final class Telemetry: Sendable {
  private static let interval = Duration.seconds(10)
  private static let timeout = Duration.seconds(5)
  private static let batch = 100
  private static let capacity = 10_000

  private struct State {
    var events: [JSONValue] = []
    var nextIndex = 0
  }

  private let sessionID: String
  private let processID = UniqueID.make()
  private let time: Timekeeper
  private let start: Duration
  private let state = Mutex(State())

  init(sessionID: String, time: Timekeeper) {
    self.sessionID = sessionID
    self.time = time
    start = time.now()
    add("SESSION_START", severity: "INFO")
  }

  /// Whether the environment switches it on; without the variable it is off.
  static func isWanted(_ environment: Environment) -> Bool {
    let value = environment["TINKER_TELEMETRY"]?.lowercased() ?? ""
    return ["1", "true", "yes", "on"].contains(value)
  }

  /// Notes a failure if it is a mistake of the caller.
  func note(_ error: any Error) {
    switch error as? ClientError {
    case .status(let status)? where (400..<500).contains(status.status) && status.status != 408:
      add(
        "GENERIC_EVENT", severity: "WARNING",
        [
          "event_name": "user_error",
          "event_data": ["error_type": "status", "status_code": .int(status.status)],
        ])
    case .requestFailed(_, .user, _)?:
      add(
        "GENERIC_EVENT", severity: "WARNING",
        ["event_name": "user_error", "event_data": ["error_type": "request_failed"]])
    default: break
    }
  }

  /// Sends what there is, every ten seconds, until the task is cancelled.
  func run(_ connection: () async throws -> APIConnection?) async {
    while !Task.isCancelled {
      do { try await time.sleep(Self.interval) } catch { return }
      guard let connection = try? await connection() else { return }
      await send(connection)
    }
  }

  /// Notes the end and sends the rest.
  func end(_ connection: APIConnection) async {
    let seconds = (time.now() - start).inSeconds
    add("SESSION_END", severity: "INFO", ["duration": .number(.double(seconds))])
    await send(connection)
  }

  private func add(
    _ event: String, severity: String, _ members: KeyValuePairs<String, JSONValue> = [:]
  ) {
    state.withLock { state in
      guard state.events.count < Self.capacity else { return }
      var object: JSONObject = [
        "event": .text(event), "event_id": .text(UniqueID.make()),
        "event_session_index": .int(state.nextIndex), "severity": .text(severity),
        "timestamp": .text(WallClock.rfc3339(WallClock.now)),
      ]
      for (key, value) in members { object[key] = value }
      state.events.append(.object(object))
      state.nextIndex += 1
    }
  }

  /// Nobody waits for it, and what is lost is lost.
  private func send(_ connection: APIConnection) async {
    while true {
      let events = state.withLock { state in
        defer { state.events.removeFirst(min(Self.batch, state.events.count)) }
        return Array(state.events.prefix(Self.batch))
      }
      guard !events.isEmpty else { return }
      var call = APICall(
        .telemetry,
        json: jsonBody([
          "events": .array(events), "platform": .text(Self.platform),
          "sdk_version": .text(APIConnection.protocolVersion), "session_id": .text(sessionID),
          "process_uuid": .text(processID),
        ]))
      call.retries = 0
      call.timeout = Self.timeout
      guard (try? await connection.send(call)) != nil else { return }
    }
  }

  private static var platform: String {
    #if os(Linux)
      "Linux"
    #else
      "Darwin"
    #endif
  }
}

/// Random identifiers in the form of version 4.
enum UniqueID {
  static func make() -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = APIConnection.hex(bytes)
    let ends = [8, 12, 16, 20, 32]
    return zip([0] + ends, ends).map { start, end in
      String(digits.dropFirst(start).prefix(end - start))
    }.joined(separator: "-")
  }
}
