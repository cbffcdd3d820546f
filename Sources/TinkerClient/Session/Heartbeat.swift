import TinkerJSON
import TinkerWire

/// Tells the server every ten seconds that the session is alive.
struct Heartbeat: Sendable {
  private static let interval = Duration.seconds(10)
  private static let silence = Duration.seconds(120)

  let sessionID: String
  let time: Timekeeper
  let log: @Sendable (LogLevel, String) -> Void

  /// Runs until the task is cancelled, the session is over, or there is no connection any more.
  func run(_ connection: () async throws -> APIConnection?) async {
    var lastSuccess = time.now()
    while !Task.isCancelled {
      do { try await time.sleep(Self.interval) } catch { return }
      do {
        guard let connection = try await connection() else { return }
        var call = APICall(
          .heartbeat,
          json: jsonBody(["session_id": .text(sessionID), "type": "session_heartbeat"]))
        call.retries = 0
        call.timeout = Self.interval
        try await connection.send(call)
        lastSuccess = time.now()
      } catch let error as ClientError where error.status == 410 {
        return
      } catch ClientError.closed {
        return
      } catch {
        let silent = time.now() - lastSuccess
        if silent > Self.silence, !Task.isCancelled {
          log(.warning, "no heartbeat reached the service for \(Int(silent.inSeconds)) s: \(error)")
        }
      }
    }
  }
}
