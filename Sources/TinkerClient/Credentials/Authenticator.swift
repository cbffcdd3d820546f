import TinkerJSON
import TinkerWire

/// The token of requests: the credential itself, or tokens that it is exchanged for.
actor Authenticator {
  /// A token is renewed on demand when it has no more time left than this.
  private static let marginOnDemand = 60.0
  /// After a failed renewal in the background.
  private static let retryPause = Duration.seconds(60)

  private let exchange: (@Sendable () async throws -> Credential)?
  private let resolve: @Sendable () throws -> Credential
  private let time: Timekeeper
  private var current: Credential?
  private var renewal: Task<Credential, any Error>?
  private var background: Task<Void, Never>?

  /// The credential is sent as it is; a command runs for each request.
  init(resolve: @escaping @Sendable () throws -> Credential, time: Timekeeper) {
    self.resolve = resolve
    self.time = time
    exchange = nil
  }

  /// Tokens from an exchange are sent.
  init(exchange: @escaping @Sendable () async throws -> Credential, time: Timekeeper) {
    self.exchange = exchange
    self.time = time
    resolve = { throw ClientError.closed }
  }

  deinit { background?.cancel() }

  /// Whether tokens come from an exchange.
  nonisolated var exchangesTokens: Bool { exchange != nil }

  /// The token of the next request.
  func token() async throws -> Credential {
    guard exchange != nil else { return try resolve() }
    guard let current else { return try await renewed() }
    let left = Self.secondsLeft(current)
    if left > Self.marginOnDemand { return current }
    do { return try await renewed() } catch let error as ClientError where error.status == 401 {
      throw error
    } catch {
      if left > 0 { return current }
      throw error
    }
  }

  /// A token after the server refused one. Concurrent refusals of one token share an exchange.
  func token(insteadOf refused: Credential) async throws -> Credential {
    if let current, current != refused { return current }
    return try await renewed()
  }

  /// Ends the renewal in the background.
  func close() { background?.cancel() }

  private func renewed() async throws -> Credential {
    if let renewal { return try await renewal.value }
    guard let exchange else { return try resolve() }
    let task = Task { try await exchange() }
    renewal = task
    defer { renewal = nil }
    let credential = try await task.value
    current = credential
    if background == nil { background = Task { [weak self] in await self?.renewForEver() } }
    return credential
  }

  private func renewForEver() async {
    var pause = Self.renewalPause(current)
    while !Task.isCancelled {
      do { try await time.sleep(pause) } catch { return }
      do {
        pause = Self.renewalPause(try await renewed())
      } catch let error as ClientError where error.status == 401 {
        if let current, Self.secondsLeft(current) <= 2 * Self.marginOnDemand { return }
        pause = Self.retryPause
      } catch {
        pause = Self.retryPause
      }
    }
  }

  private static func secondsLeft(_ credential: Credential) -> Double {
    guard let expiry = credential.claims?["exp"]?.double else { return .infinity }
    return expiry - Double(WallClock.now)
  }

  /// About half of the token's life, so that clients do not renew all at once.
  private static func renewalPause(_ credential: Credential?) -> Duration {
    guard let claims = credential?.claims, let expiry = claims["exp"]?.double,
      let issue = claims["iat"]?.double, expiry > issue, expiry - issue < 1e9
    else { return retryPause }
    return .seconds((expiry - issue) * Double.random(in: 0.45...0.55))
  }
}
