internal import TinkerJSON

/// What a checkpoint says about the trainer that wrote it: `trainer_state.json`.
package struct TrainerState: Sendable, Hashable {
  /// The version of the file's form.
  private static let version = 1

  /// The name of the base model.
  package var baseModel: String
  /// The rank of the adapters; 0 for full training.
  package var rank: Int
  /// The adapters' alpha.
  package var alpha: Double
  /// The seed of the adapters' initial values.
  package var seed: UInt64
  /// Whether attention has adapters.
  package var trainAttn: Bool
  /// Whether gate, up and down have adapters.
  package var trainMLP: Bool
  /// Whether the head has an adapter.
  package var trainUnembed: Bool
  /// The optimizer steps taken.
  package var step: Int

  /// The bytes of the file.
  var bytes: [UInt8] {
    let object: JSONObject = [
      "format_version": .number(.integer(Self.version)),
      "base_model": .string(JSONString(baseModel)), "rank": .number(.integer(rank)),
      "alpha": .number(.double(alpha)),
      // As a text, because 64 bits do not fit the numbers of every reader.
      "seed": .string(JSONString(String(seed))), "train_attn": .bool(trainAttn),
      "train_mlp": .bool(trainMLP), "train_unembed": .bool(trainUnembed),
      "optimizer": .string("adamw"), "step": .number(.integer(step)),
    ]
    return Array(JSONValue.object(object).serialized(.python).utf8)
  }
}

extension TrainerState {
  /// Reads the file of a checkpoint.
  ///
  /// - Throws: `LocalError` that names the member that is missing.
  package init(folder: String) throws(LocalError) {
    let path = folder + "/trainer_state.json"
    let object = try ModelConfiguration.object(path)
    func fail(_ problem: String) -> LocalError { .file(path: path, problem: problem) }
    guard object["format_version"]?.int == Self.version else {
      throw fail("has another format version than \(Self.version)")
    }
    guard let baseModel = object["base_model"]?.text, let rank = object["rank"]?.int,
      let alpha = object["alpha"]?.double, let step = object["step"]?.int, step >= 0,
      let seed = object["seed"]?.text.flatMap({ UInt64($0) })
    else { throw fail("lacks base_model, rank, alpha, seed or step") }
    self.init(
      baseModel: baseModel, rank: rank, alpha: alpha, seed: seed,
      trainAttn: object["train_attn"]?.bool ?? true, trainMLP: object["train_mlp"]?.bool ?? true,
      trainUnembed: object["train_unembed"]?.bool ?? true, step: step)
  }
}
