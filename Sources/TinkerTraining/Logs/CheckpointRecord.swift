public import TinkerJSON

/// A checkpoint of a run: one line of `checkpoints.jsonl`.
public struct CheckpointRecord: Sendable, Hashable {
  /// The name, for example `000100` or `final`.
  public var name: String
  /// The step that comes next.
  public var batch: Int
  /// The pass over the data in which that step lies, if there are passes.
  public var epoch: Int?
  /// Whether the run had ended.
  public var isFinal: Bool
  /// The path from which training goes on.
  public var statePath: String?
  /// The path to sample from.
  public var samplerPath: String?
  /// The keys of the loop's own, kept as they are.
  public var others: JSONObject

  /// A checkpoint.
  public init(
    name: String, batch: Int, epoch: Int? = nil, isFinal: Bool = false, statePath: String? = nil,
    samplerPath: String? = nil, others: JSONObject = [:]
  ) {
    self.name = name
    self.batch = batch
    self.epoch = epoch
    self.isFinal = isFinal
    self.statePath = statePath
    self.samplerPath = samplerPath
    self.others = others
  }

  private static let known = ["name", "batch", "epoch", "final", "state_path", "sampler_path"]

  /// One object with the reference's keys; what is not known is left out.
  public var json: JSONValue {
    var object: JSONObject = ["name": .string(JSONString(name)), "batch": .number(.integer(batch))]
    if let epoch { object["epoch"] = .number(.integer(epoch)) }
    if isFinal { object["final"] = true }
    if let statePath { object["state_path"] = .string(JSONString(statePath)) }
    if let samplerPath { object["sampler_path"] = .string(JSONString(samplerPath)) }
    for (key, value) in others { object.set(key, to: value) }
    return .object(object)
  }

  /// Reads a line; keys that are not known are kept.
  ///
  /// - Throws: ``TrainingError/log(path:_:)`` if the name or the step is missing.
  public init(json: JSONValue, path: String) throws(TrainingError) {
    guard let object = json.object, let name = object["name"]?.text else {
      throw .log(path: path, "a checkpoint with its name is expected")
    }
    guard let batch = object["batch"]?.int else {
      throw .log(path: path, "the checkpoint \(name) does not tell its batch")
    }
    self.init(
      name: name, batch: batch, epoch: object["epoch"]?.int,
      isFinal: object["final"]?.bool ?? false, statePath: object["state_path"]?.text,
      samplerPath: object["sampler_path"]?.text)
    for (key, value) in object where !Self.known.contains(key.description) {
      others.set(key, to: value)
    }
  }
}
