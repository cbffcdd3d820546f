import TinkerData
import TinkerFiles
import TinkerLocal
import TinkerWire

/// A model that trains: its trainer and the order of its requests.
///
/// Requests run in the order of their numbers, whatever the order of their arrival; what came twice runs
/// once. Belongs to the core's actor.
final class TrainedModel {
  /// What a request asks for.
  enum Work: Sendable {
    case create(LoraConfig)
    case createFromState(path: String, withOptimizer: Bool)
    case pass(data: [Datum], loss: LossFunction, isForwardOnly: Bool)
    case step(AdamParams)
    case save(SaveRequest, CheckpointStore.Segment)
    case makeSampler(id: String, isInflight: Bool)
    case load(path: String, withOptimizer: Bool)
    /// A request that was refused keeps its place and does nothing.
    case refused

    /// Whether it is worth being shown as work of the queue.
    var isRefused: Bool { if case .refused = self { true } else { false } }
  }

  struct Job: Sendable {
    let requestID: String
    let bytes: Int
    let work: Work
  }

  /// The answers to so many earlier numbers are remembered.
  static let memory = 10_000

  let id: String
  let sessionID: String
  var baseModel: String
  var loraRank: Int
  var lora: LoraConfig?
  let userMetadata: [String: String]?
  var trainer: LocalTrainer?
  /// Why there is no trainer.
  var failure: String?
  var lastRequest = Machine.now
  /// What waits, by number.
  var waiting: [Int: Job] = [:]
  /// The ids of the requests that are known, by number; `nil` for those that were refused.
  var known: [Int: String?] = [:]
  /// The number that runs next.
  var next = 0
  var isRunning = false
  var isReleased = false
  var steps = 0
  var curve = LossCurve()
  /// What samplers of mutable weights share.
  var inflight: SampledWeights?

  init(
    id: String, sessionID: String, baseModel: String, loraRank: Int, lora: LoraConfig?,
    userMetadata: [String: String]?
  ) {
    self.id = id
    self.sessionID = sessionID
    self.baseModel = baseModel
    self.loraRank = loraRank
    self.lora = lora
    self.userMetadata = userMetadata
  }

  /// The lowest number that has not arrived, for requests that tell none.
  var firstFree: Int {
    var number = next
    while known[number] != nil { number += 1 }
    return number
  }

  /// What the next request in order is waited for by others with.
  var isHeldUp: Bool { !isRunning && !waiting.isEmpty }

  func forgetOld() {
    let bound = next - Self.memory
    if bound > 0 { known[bound - 1] = nil }
  }
}
