import Synchronization
import TinkerData
import TinkerWire

/// What bounds the submission of samples in one process.
final class SampleAdmission: Sendable {
  /// Submissions at a time.
  private static let places = 400
  /// Submissions at a time while the server pushes back.
  private static let throttledPlaces = 10
  private static let throttledFactor = 20
  /// How long after the last refusal the server counts as pushing back.
  private static let memory = Duration.seconds(10)
  /// Larger submissions wait longer after a refusal.
  private static let largeRequest = 131_072

  private let time: Timekeeper
  private let bytes: Budget
  private let places = Budget(places: SampleAdmission.places)
  private let throttledPlaces = Budget(places: SampleAdmission.throttledPlaces)
  private let pausedUntil = Mutex<Duration?>(nil)

  init(_ config: ClientConfig, time: Timekeeper) {
    self.time = time
    bytes = Budget(bytes: config.sampleDispatchBytes)
  }

  /// Submits when there is a place, and again after the server pushed back.
  ///
  /// - Parameters:
  ///   - estimate: The estimated bytes of the submission.
  ///   - work: Sends the request; `nil` means that the server pushed back.
  /// - Returns: What the work gave.
  /// - Throws: What the work threw, or `CancellationError`.
  func submit<Value: Sendable>(
    estimate: Int, _ work: @Sendable () async throws -> Value?
  ) async throws -> Value {
    try await places.with {
      while true {
        let throttled = isThrottled
        let size = estimate.multipliedReportingOverflow(by: throttled ? Self.throttledFactor : 1)
        let value = try await bytes.with(size.overflow ? estimate : size.partialValue) {
          () async throws -> Value? in
          guard throttled else { return try await attempt(work) }
          return try await throttledPlaces.with { try await attempt(work) }
        }
        if let value { return value }
        let pause = Duration.seconds(estimate > Self.largeRequest ? 5 : 1)
        pausedUntil.withLock { $0 = max($0 ?? .zero, time.now() + pause) }
      }
    }
  }

  private func attempt<Value: Sendable>(
    _ work: @Sendable () async throws -> Value?
  ) async throws -> Value? {
    while let until = pausedUntil.withLock({ $0 }), until > time.now() {
      try await time.sleep(until - time.now())
    }
    return try await work()
  }

  private var isThrottled: Bool {
    pausedUntil.withLock { until in until.map { time.now() < $0 + Self.memory } ?? false }
  }
}

extension ModelInput {
  /// The bytes that a submission of this prompt is taken for.
  var estimatedSampleBytes: Int {
    var total = 0
    for chunk in chunks {
      switch chunk {
      case .tokens(let tokens): total += 10 * tokens.count
      case .image(let image): total += image.data.count
      case .imageAssetPointer(let pointer): total += pointer.location.utf8.count
      case .audio(let audio): total += audio.data.count
      }
    }
    return total
  }
}
