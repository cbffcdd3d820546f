import TinkerJSON
import TinkerWire

/// Asks for all finished samples of a sampling session together, in place of a poll for each.
actor SessionPoller {
  private static let pollTimeout = Duration.seconds(45)
  private static let acknowledgementTimeout = Duration.seconds(5)
  private static let pauseAfterFailure = Duration.seconds(1)
  private static let badRequests = 3

  private let core: ServiceCore
  private let connected: ServiceCore.Connected
  private let sessionID: String
  private let clone: Int
  private var cursor = 0
  private var retrieved: Set<String> = []
  private var finished: [String: Int] = [:]
  private var waiters: [String: CheckedContinuation<Int, any Error>] = [:]
  private var isRunning = false

  init(
    core: ServiceCore, connected: ServiceCore.Connected, sessionID: String, clone: Int
  ) {
    self.core = core
    self.connected = connected
    self.sessionID = sessionID
    self.clone = clone
  }

  /// Waits until a request is finished or has failed, and gives the bytes of its result, 0 if they are
  /// not known.
  func completion(of requestID: String) async throws -> Int {
    if let size = finished.removeValue(forKey: requestID) { return size }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        if Task.isCancelled {
          continuation.resume(throwing: CancellationError())
          return
        }
        waiters[requestID] = continuation
        guard !isRunning else { return }
        isRunning = true
        Task { await run() }
      }
    } onCancel: {
      Task { await self.abandon(requestID) }
    }
  }

  /// Tells that a result has been fetched, so that the server may drop it.
  func markRetrieved(_ requestID: String) {
    retrieved.insert(requestID)
    guard !isRunning else { return }
    isRunning = true
    Task { await run() }
  }

  private func abandon(_ requestID: String) {
    waiters.removeValue(forKey: requestID)?.resume(throwing: CancellationError())
  }

  /// Polls while anyone waits, and once more to acknowledge what was fetched.
  private func run() async {
    defer { isRunning = false }
    var badRequests = 0
    while !waiters.isEmpty || !retrieved.isEmpty {
      let acknowledged = retrieved
      do {
        try await poll(acknowledged)
        retrieved.subtract(acknowledged)
        badRequests = 0
      } catch {
        let isBad = (error as? ClientError)?.status == 400
        if isBad { badRequests += 1 }
        guard RetryRules.isPassing(error) || isBad && badRequests <= Self.badRequests else {
          fail(error)
          return
        }
        do { try await core.time.sleep(Self.pauseAfterFailure) } catch { return fail(error) }
      }
    }
  }

  private func fail(_ error: any Error) {
    retrieved = []
    for waiter in waiters.values { waiter.resume(throwing: error) }
    waiters = [:]
  }

  private func poll(_ acknowledged: Set<String>) async throws {
    let isAcknowledgement = waiters.isEmpty
    var call = APICall(
      .retrieveFutures,
      json: jsonBody([
        "target": [
          "type": "sampling_session", "sampling_session_id": .text(sessionID),
          "cloned_sampler_id": .int(clone),
        ],
        "prev_cursor": .int(cursor), "timeout": .int(isAcknowledgement ? 0 : nil),
        "retrieved_request_ids": .array(acknowledged.sorted().map { .text($0) }),
      ]))
    call.retries = 0
    call.timeout = isAcknowledgement ? Self.acknowledgementTimeout : Self.pollTimeout
    call.silenceTimeout = nil
    let json = try await connected.connection.json(call)
    guard let completions = json["completions"]?.array else {
      throw ClientError.unexpectedReply("retrieve_futures gave no completions")
    }
    cursor = json["cursor"]?.int ?? cursor
    for completion in completions {
      guard let id = completion["request_id"]?.text else { continue }
      let size = completion["response_payload_uncompressed_size"]?.int ?? 0
      if let waiter = waiters.removeValue(forKey: id) {
        waiter.resume(returning: size)
      } else {
        finished[id] = size
      }
    }
  }
}
