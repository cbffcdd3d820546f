import TinkerLocal

/// Weights that sample, shared by the samplers that use them. Those of a checkpoint can be put aside and
/// loaded again. Belongs to the core's actor.
final class SampledWeights {
  /// Where the weights come from.
  enum Source: Hashable, Sendable {
    case base(String)
    case path(String)
    /// A save without a name, of the model.
    case unnamed(String)
  }

  let source: Source
  let baseModel: String
  /// `nil` while they are put aside, or for good if they cannot be loaded again.
  var loaded: LocalSampler?

  init(_ source: Source, baseModel: String) {
    self.source = source
    self.baseModel = baseModel
  }

  var path: String? { if case .path(let path) = source { path } else { nil } }
}

/// A sampler by its id. Belongs to the core's actor.
final class ServedSampler {
  let id: String
  let sessionID: String
  let weights: SampledWeights
  /// The answers to submissions, by number.
  var known: [Int: SubmissionAnswer] = [:]
  /// The numbers in the order of their arrival.
  var order: [Int] = []
  /// The last number that a clone was given.
  var clones = 0
  /// What has ended, with its place in the order of endings.
  var completions: [Completion] = []
  var cursor = 0
  let bell = Bell()

  struct SubmissionAnswer: Sendable {
    let requestID: String
    let sequenceIDs: [String]
  }

  /// A request that has ended.
  struct Completion: Sendable {
    let cursor: Int
    let cloneID: Int
    let requestID: String
    /// The bytes of the result; `nil` for a failure.
    let byteCount: Int?
  }

  /// So many endings are remembered.
  static let memory = 10_000

  init(id: String, sessionID: String, weights: SampledWeights) {
    self.id = id
    self.sessionID = sessionID
    self.weights = weights
  }

  func remember(_ number: Int, _ answer: SubmissionAnswer) {
    known[number] = answer
    order.append(number)
    if order.count > 2 * Self.memory {
      for old in order[..<Self.memory] { known[old] = nil }
      order.removeFirst(Self.memory)
    }
  }

  func noteEnd(_ requestID: String, cloneID: Int, byteCount: Int?) {
    cursor += 1
    completions.append(
      Completion(
        cursor: cursor, cloneID: cloneID, requestID: requestID, byteCount: byteCount))
    if completions.count > 2 * Self.memory { completions.removeFirst(Self.memory) }
    bell.ring()
  }
}

/// A drawn sample for the status page.
struct SampleNote: Sendable {
  let time: Int
  let model: String
  let prompt: String
  let text: String
}
