import Synchronization
import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

/// One scenario, made again with our client against the recorded answers.
final class TraceRun: Sendable {
  static let model = "Qwen/Qwen3-8B"

  let trace: Trace
  let server: TraceServer
  /// How much faster than the clock the client runs.
  private let speed: Double
  private let found = Mutex<[String]>([])
  private let steps: Mutex<[JSONValue]>

  /// Plays a scenario and compares. The differences that are meant are named by a part of their text.
  static func play(
    _ name: String, in folder: String? = nil, speed: Double = 20, onPurpose: [String] = [],
    _ scenario: (TraceRun) async throws -> Void
  ) async throws {
    let run = try TraceRun(Trace(name, in: folder), speed: speed)
    defer { run.server.stop() }
    try await scenario(run)
    for step in run.steps.withLock({ $0 }) {
      run.found.withLock { $0.append("not called: \(step["call"]?.text ?? "")") }
    }
    let differences =
      run.found.withLock { $0 } + TraceComparison.differences(run.trace.exchanges, run.server.seen)
    for difference in differences where !onPurpose.contains(where: { difference.contains($0) }) {
      Issue.record("\(name): \(difference)")
    }
    for reason in onPurpose where !differences.contains(where: { $0.contains(reason) }) {
      Issue.record("\(name): the difference “\(reason)” does not exist any more")
    }
  }

  private init(_ trace: Trace, speed: Double) throws {
    self.trace = trace
    self.speed = speed
    server = try TraceServer(trace)
    steps = Mutex(trace.client)
  }

  // MARK: Clients

  func options(apiKey: String? = "tml-test") -> ServiceOptions {
    var options = ServiceOptions(baseURL: server.url, apiKey: apiKey)
    options.environment = Environment(trace.environment)
    options.credentialFile = "/nowhere/credentials.json"
    options.time = .faster(speed)
    options.log = { _, _ in }
    return options
  }

  func service() -> ServiceClient { ServiceClient(options()) }

  func rest() -> RestClient { RestClient(options()) }

  func training(
    _ service: ServiceClient? = nil, seed: UInt64? = nil, optimizer: OptimizerConfig = .adamW
  ) async throws -> TrainingClient {
    try await (service ?? self.service()).createLoraTrainingClient(
      baseModel: Self.model, lora: LoraConfig(rank: 8, seed: seed), optimizer: optimizer)
  }

  func sampling(
    _ service: ServiceClient? = nil, recordsStabilityInfo: Bool = false
  ) async throws -> SamplingClient {
    try await (service ?? self.service()).createSamplingClient(
      baseModel: Self.model, recordsStabilityInfo: recordsStabilityInfo)
  }

  // MARK: Steps

  /// Makes the next recorded call and compares what it gives.
  @discardableResult
  func step<Value>(
    _ call: String, _ plain: (Value) -> JSONValue, _ work: () async throws -> Value
  ) async -> Value? {
    let recorded = steps.withLock { steps in
      steps.firstIndex { $0["call"]?.text == call }.map { steps.remove(at: $0) }
    }
    guard let recorded else {
      found.withLock { $0.append("no such call: \(call)") }
      return nil
    }
    do {
      let value = try await work()
      guard let wanted = recorded["returned"] else {
        found.withLock { $0.append("\(call): an error is expected, a value came") }
        return value
      }
      let differences = TraceComparison.differences(wanted, plain(value), "")
      found.withLock { $0 += differences.map { "\(call) returned\($0)" } }
      return value
    } catch {
      guard let wanted = recorded["raised"] else {
        found.withLock { $0.append("\(call): threw \(error)") }
        return nil
      }
      if !Self.isSame(error, wanted) {
        found.withLock { $0.append("\(call): threw \(error), expected \(wanted.serialized())") }
      }
      return nil
    }
  }

  /// A recorded call that our types do not allow to be written.
  func impossible(_ call: String) {
    steps.withLock { steps in steps.removeAll { $0["call"]?.text == call } }
  }

  private static func isSame(_ error: any Error, _ recorded: JSONValue) -> Bool {
    if let status = recorded["status_code"]?.int {
      guard case .status(let error)? = error as? ClientError, error.status == status else {
        return false
      }
      return error.body ?? .text(error.text) == recorded["body"]
    }
    if let category = recorded["category"]?.text {
      guard case .requestFailed(let id, let found, _)? = error as? ClientError else { return false }
      return found.rawValue == category && id == recorded["request_id"]?.text
    }
    if recorded["type"]?.text == "TimeoutError" {
      return error is PendingResultTimeout || error is CancellationError
    }
    // Errors of Python's own types stand for refusals before or after the exchange.
    switch error {
    case is DataError: return true
    case let error as ClientError:
      switch error {
      case .configuration, .invalidArgument, .unexpectedReply, .closed: return true
      case .status, .resultLost: return recorded["cause"] != nil
      case .transport, .requestFailed, .stuck, .file: return false
      }
    default: return recorded["message"]?.text == "\(error)"
    }
  }
}

/// The forms in which the traces keep what calls return.
enum Plain {
  static func nothing(_: Void) -> JSONValue { .null }
  static func text(_ text: String) -> JSONValue { .text(text) }
  static func client(_ client: TrainingClient) -> JSONValue {
    ["training_client": .text(client.modelID)]
  }

  static func tensor(_ tensor: TensorData) -> JSONValue {
    guard case .object(var object)? = try? JSONValue.written({ tensor.write(to: &$0) }) else {
      return .null
    }
    object["dtype"] = object["dtype"]
    return .object(object)
  }

  static func number(_ value: Double) -> JSONValue { .number(.double(value)) }

  static func numbers(_ table: [String: Double]) -> JSONValue {
    var object = JSONObject()
    for (key, value) in table { object.set(JSONString(key), to: number(value)) }
    return .object(object)
  }

  static func output(_ output: ForwardBackwardOutput) -> JSONValue {
    let outputs: [JSONValue] = output.lossOutputs.map { output in
      var object = JSONObject()
      for field in output.tensors { object.set(JSONString(field.name), to: tensor(field.tensor)) }
      return .object(object)
    }
    return [
      "loss_fn_output_type": .text(output.outputType), "loss_fn_outputs": .array(outputs),
      "metrics": numbers(output.metrics),
    ]
  }

  static func step(_ output: OptimStepOutput) -> JSONValue { ["metrics": numbers(output.metrics)] }

  static func saved(_ type: String?) -> (String) -> JSONValue {
    { ["path": .text($0), "type": type.map { .text($0) } ?? .null] }
  }

  static func logprobs(_ values: [Float?]) -> JSONValue {
    .array(values.map { $0.map { number(Double($0)) } ?? .null })
  }

  private static func table(_ rows: [[TokenLogprob]?]?) -> JSONValue {
    guard let rows else { return .null }
    return .array(
      rows.map { row in
        guard let row else { return .null }
        return .array(row.map { [.int(Int($0.token)), number(Double($0.logprob))] })
      })
  }

  static func sample(_ response: SampleResponse) -> JSONValue {
    let sequences: [JSONValue] = response.sequences.map { sequence in
      [
        "stop_reason": .text(sequence.stopReason.rawValue),
        "sequence_id": sequence.sequenceID.map { .text($0) } ?? .null,
        "tokens": .array(sequence.tokens.map { .int(Int($0)) }),
        "logprobs": sequence.logprobs.map { logprobs($0) } ?? .null,
        "topk_logprobs": table(sequence.topKLogprobs),
      ]
    }
    let alternatives = response.promptAltTokens.map { alternatives -> JSONValue in
      ["tokens": tensor(alternatives.tokens), "logprobs": tensor(alternatives.logprobs)]
    }
    return [
      "sequences": .array(sequences),
      "prompt_logprobs": response.promptLogprobs.map(logprobs) ?? .null,
      "topk_prompt_logprobs": table(response.topKPromptLogprobs),
      "target_prompt_logprobs": response.targetPromptLogprobs.map(tensor) ?? .null,
      "prompt_alt_tokens": alternatives ?? .null,
      "prompt_cache_hit_tokens": .int(response.promptCacheHitTokens),
    ]
  }

  static func checkpoint(_ checkpoint: Checkpoint) -> JSONValue {
    [
      "checkpoint_id": .text(checkpoint.id), "checkpoint_type": .text(checkpoint.kind.rawValue),
      "time": .text(checkpoint.time), "tinker_path": .text(checkpoint.path),
      "size_bytes": checkpoint.byteCount.map { .int($0) } ?? .null,
      "public": .bool(checkpoint.isPublic),
      "user_metadata": JSONValue.texts(checkpoint.userMetadata) ?? .null,
      "expires_at": checkpoint.expiresAt.map { .text($0) } ?? .null,
    ]
  }

  static func cursor(_ cursor: PageCursor?) -> JSONValue {
    guard let cursor else { return .null }
    return [
      "offset": .int(cursor.offset), "limit": .int(cursor.limit),
      "total_count": .int(cursor.totalCount),
    ]
  }

  static func checkpoints(_ page: Page<Checkpoint>) -> JSONValue {
    ["checkpoints": .array(page.elements.map(checkpoint)), "cursor": cursor(page.cursor)]
  }

  static func run(_ run: TrainingRun) -> JSONValue {
    [
      "training_run_id": .text(run.id), "base_model": .text(run.baseModel),
      "model_owner": .text(run.owner), "is_lora": .bool(run.isLora),
      "corrupted": .bool(run.isCorrupted), "lora_rank": run.loraRank.map { .int($0) } ?? .null,
      "last_request_time": .text(run.lastRequestTime),
      "last_checkpoint": run.lastCheckpoint.map(checkpoint) ?? .null,
      "last_sampler_checkpoint": run.lastSamplerCheckpoint.map(checkpoint) ?? .null,
      "user_metadata": JSONValue.texts(run.userMetadata) ?? .null,
    ]
  }
}

/// An example whose targets are its tokens plus one, as the traces make them.
func datum(
  _ tokens: [Int], weights: [Float]? = nil, _ inputs: [(String, TensorData)] = []
) -> Datum {
  var lossInputs = [
    Datum.LossInput(name: "target_tokens", tensor: TensorData(tokens.map { Int64($0 + 1) }))
  ]
  if let weights { lossInputs.append(.init(name: "weights", tensor: TensorData(weights))) }
  lossInputs += inputs.map { .init(name: $0.0, tensor: $0.1) }
  return Datum(modelInput: prompt(tokens), lossInputs: lossInputs)
}

func prompt(_ tokens: [Int]) -> ModelInput {
  ModelInput(chunks: [.tokens(tokens.map { UInt32($0) })])
}
