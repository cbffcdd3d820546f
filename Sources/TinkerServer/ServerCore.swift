import TinkerData
import TinkerFiles
import TinkerLocal
import TinkerWire

/// The state of the server: sessions, models, samplers. What computes is the engine, which is an actor of
/// its own; this one is never busy for long.
actor ServerCore {
  nonisolated let options: ServerOptions
  nonisolated let service: LocalService
  nonisolated let futures: Futures
  nonisolated let catalog: Catalog
  nonisolated let startedAt = Machine.now

  var sessions: [String: Session] = [:]
  var models: [String: TrainedModel] = [:]
  var samplers: [String: ServedSampler] = [:]
  /// Weights of checkpoints and base models that several samplers share.
  var sharedWeights: [SampledWeights.Source: SampledWeights] = [:]
  /// Every loaded set of weights that takes memory of its own, the last used at the end.
  var loadedWeights: [SampledWeights] = []
  var sampleLine: SampleLine
  var runningSamples: [String: Task<Void, Never>] = [:]
  /// The requests that wait or run, and the bytes of their bodies.
  var waiting = (count: 0, bytes: 0)
  var recentSamples: [SampleNote] = []
  var contextLengths: [String: Int] = [:]

  init(_ options: ServerOptions, catalog: Catalog, service: LocalService) {
    self.options = options
    self.service = service
    self.catalog = catalog
    let mark = "req-" + String(RandomStream.systemSeed(), radix: 36)
    futures = Futures(mark: mark, maximumBytes: options.maximumResultBytes)
    sampleLine = SampleLine(capacity: options.maximumSequences)
  }

  // MARK: Limits

  /// Takes a place among the waiting requests.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of the request.
  ///   - isNext: Whether others wait for this one; it is taken in any case, or all would wait for ever.
  /// - Throws: A refusal with status 429.
  func admit(bytes: Int, isNext: Bool = false) throws(Refusal) {
    guard
      isNext
        || waiting.count < options.maximumWaitingRequests
          && waiting.bytes < options.maximumWaitingBytes
    else {
      throw Refusal(
        429,
        "\(waiting.count) requests of \(waiting.bytes >> 20) MiB wait; the limits are"
          + " \(options.maximumWaitingRequests) and \(options.maximumWaitingBytes >> 20) MiB",
        retryAfter: 1)
    }
    waiting.count += 1
    waiting.bytes += bytes
  }

  func leave(bytes: Int) {
    waiting.count -= 1
    waiting.bytes -= bytes
  }

  // MARK: What failures mean

  /// The outcome of a request that failed.
  nonisolated func outcome(of error: any Error) -> Futures.Outcome {
    switch error {
    case let error as LocalError:
      .failed(message: error.description, category: error.isUserError ? .user : .server)
    case let error as DataError: .failed(message: error.description, category: .user)
    case let error as WireError: .failed(message: error.description, category: .user)
    case is CancellationError: .failed(message: "the request was cancelled", category: .user)
    default: .failed(message: "\(error)", category: .server)
    }
  }
}
