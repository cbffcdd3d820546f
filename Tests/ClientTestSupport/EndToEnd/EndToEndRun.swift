import Synchronization
import TinkerClient
import TinkerData

/// The steps that a server of the protocol must pass, with our client; they are in extensions.
package final class EndToEndRun: Sendable {
  /// The number of the steps.
  package static let stepCount = 43

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let service: ServiceClient
  let rest: RestClient
  let model: String
  private let results = Mutex<(passed: Int, failures: [String])>((0, []))
  let steps = 30
  let learningRate = 5e-3

  /// A run against the server at an address.
  package init(server: String, apiKey: String, model: String) {
    service = ServiceClient(ServiceOptions(baseURL: server, apiKey: apiKey))
    rest = service.createRestClient()
    self.model = model
  }

  /// The steps that passed.
  package var passed: Int { results.withLock { $0.passed } }
  /// What went wrong, a step each.
  package var failures: [String] { results.withLock { $0.failures } }

  /// Runs all steps.
  ///
  /// - Throws: What hinders the steps that follow.
  package func run() async throws {
    try await connect()
    try await supervised()
    try await reinforcement()
    try await customLoss()
    try await sampling()
    try await resuming()
    try await checkpoints()
    try await mistakes()
    try await endings()
  }

  private let stored = Mutex<(client: TrainingClient?, sampler: SamplingClient?)>((nil, nil))
  let paths = Mutex<(sampler: String, state: String)>(("", ""))
  let untrained = Mutex<ForwardBackwardOutput?>(nil)

  var client: TrainingClient {
    get throws {
      guard let client = stored.withLock({ $0.client }) else {
        throw Failure(description: "no training client")
      }
      return client
    }
  }

  var sampler: SamplingClient {
    get throws {
      guard let sampler = stored.withLock({ $0.sampler }) else {
        throw Failure(description: "no sampling client")
      }
      return sampler
    }
  }

  func keep(client: TrainingClient) { stored.withLock { $0.client = client } }
  func keep(sampler: SamplingClient) { stored.withLock { $0.sampler = sampler } }

  /// Runs a step and records what goes wrong.
  func step(_ name: String, _ work: () async throws -> Void) async {
    do {
      try await work()
      results.withLock { $0.passed += 1 }
    } catch {
      results.withLock { $0.failures.append("\(name): \(error)") }
    }
  }

  func need(_ condition: Bool, _ why: @autoclosure () -> String) throws {
    if !condition { throw Failure(description: why()) }
  }

  func near(_ a: Double, _ b: Double, _ tolerance: Double, _ what: String) throws {
    try need(abs(a - b) <= tolerance, "\(what): \(a) and \(b) differ by more than \(tolerance)")
  }

  func needsFailure(_ work: () async throws -> Void) async throws {
    do { try await work() } catch { return }
    throw Failure(description: "nothing was thrown")
  }

  /// Next-token prediction over tokens.
  func next(
    _ tokens: [UInt32], weights: Bool = true, _ inputs: [Datum.LossInput] = []
  ) -> Datum {
    var lossInputs = [
      Datum.LossInput(
        name: "target_tokens", tensor: TensorData(tokens.dropFirst().map { Int64($0) }))
    ]
    if weights {
      lossInputs.append(
        .init(name: "weights", tensor: TensorData([Float](repeating: 1, count: tokens.count - 1))))
    }
    return Datum(
      modelInput: ModelInput(chunks: [.tokens(Array(tokens.dropLast()))]),
      lossInputs: lossInputs + inputs)
  }

  var data: [Datum] { [next([5, 6, 7, 8, 9]), next([20, 21, 22])] }

  /// The mean loss over all positions.
  func loss(_ output: ForwardBackwardOutput) -> Double {
    let all = output.lossOutputs.flatMap { $0.logprobs?.floats ?? [] }
    return -all.reduce(0) { $0 + Double($1) } / Double(max(1, all.count))
  }

  func logprobs(_ output: ForwardBackwardOutput, _ index: Int = 0) -> [Double] {
    (output.lossOutputs[index].logprobs?.floats ?? []).map(Double.init)
  }
}
