public import TinkerData
package import TinkerJSON

/// A training run.
public struct TrainingRun: Sendable, Hashable {
  /// The id, which is also the id of the model.
  public var id: String
  /// The base model.
  public var baseModel: String
  /// Who owns it.
  public var owner: String
  /// Whether an adapter is trained.
  public var isLora: Bool
  /// Whether the run was damaged.
  public var isCorrupted: Bool
  /// The rank of the adapter.
  public var loraRank: Int?
  /// When the last request came, RFC 3339.
  public var lastRequestTime: String
  /// The last training checkpoint.
  public var lastCheckpoint: Checkpoint?
  /// The last sampler checkpoint.
  public var lastSamplerCheckpoint: Checkpoint?
  /// Texts that were kept with it.
  public var userMetadata: [String: String]?

  package init(json: JSONValue, at path: String = "training run") throws(DataError) {
    let fields = JSONFields(json, at: path)
    id = try fields.string("training_run_id")
    baseModel = try fields.string("base_model")
    owner = try fields.string("model_owner")
    isLora = try fields.optionalBool("is_lora") ?? false
    isCorrupted = try fields.optionalBool("corrupted") ?? false
    loraRank = try fields.optionalInt("lora_rank")
    lastRequestTime = try fields.string("last_request_time")
    lastCheckpoint = try Checkpoint.optional(fields, "last_checkpoint")
    lastSamplerCheckpoint = try Checkpoint.optional(fields, "last_sampler_checkpoint")
    userMetadata = try fields.optionalStrings("user_metadata")
  }
}

/// Where a page stands in a list.
public struct PageCursor: Sendable, Hashable {
  /// The elements before the page.
  public var offset: Int
  /// The most elements of the page.
  public var limit: Int
  /// The elements of the whole list.
  public var totalCount: Int

  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "cursor")
    offset = try fields.int("offset")
    limit = try fields.int("limit")
    totalCount = try fields.int("total_count")
  }
}

/// A page of a list.
public struct Page<Element: Sendable & Hashable>: Sendable, Hashable {
  /// The elements of the page.
  public var elements: [Element]
  /// Where it stands, if the service tells.
  public var cursor: PageCursor?

  package init(elements: [Element], cursor: PageCursor?) {
    self.elements = elements
    self.cursor = cursor
  }
}

/// What a checkpoint holds.
public struct WeightsInfo: Sendable, Hashable {
  /// The base model.
  public var baseModel: String
  /// Whether it holds an adapter.
  public var isLora: Bool
  /// The rank of the adapter.
  public var loraRank: Int?
  /// Whether the output embedding is adapted, if the service tells.
  public var trainUnembed: Bool?
  /// Whether the feed-forward layers are adapted, if the service tells.
  public var trainMLP: Bool?
  /// Whether the attention layers are adapted, if the service tells.
  public var trainAttn: Bool?
  /// The optimizer, if the service tells.
  public var optimizer: OptimizerConfig?

  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "weights info")
    baseModel = try fields.string("base_model")
    isLora = try fields.optionalBool("is_lora") ?? false
    loraRank = try fields.optionalInt("lora_rank")
    trainUnembed = try fields.optionalBool("train_unembed")
    trainMLP = try fields.optionalBool("train_mlp")
    trainAttn = try fields.optionalBool("train_attn")
    optimizer = try OptimizerConfig.optional(fields)
  }
}

/// A session as the service keeps it.
public struct SessionInfo: Sendable, Hashable {
  /// Its training runs.
  public var trainingRunIDs: [String]
  /// Its samplers.
  public var samplerIDs: [String]
  /// Texts that were kept with it.
  public var userMetadata: [String: String]?
  /// Its name for people.
  public var displayName: String?

  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "session")
    trainingRunIDs = try fields.array("training_run_ids", text)
    samplerIDs = try fields.array("sampler_ids", text)
    userMetadata = try fields.optionalStrings("user_metadata")
    displayName = try fields.optionalString("display_name")
  }
}

/// A sampler as the service keeps it.
public struct SamplerInfo: Sendable, Hashable {
  /// The id.
  public var id: String
  /// The base model.
  public var baseModel: String
  /// The path of its weights, `nil` for a base model.
  public var modelPath: String?

  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "sampler")
    id = try fields.string("sampler_id")
    baseModel = try fields.string("base_model")
    modelPath = try fields.optionalString("model_path")
  }
}

/// Signed addresses of the files of external weights.
public struct ExternalWeightsURLs: Sendable, Hashable {
  /// The addresses by file.
  public var urls: [String: String]
  /// Until when they can be used, RFC 3339.
  public var expires: String

  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "external weights")
    urls = try fields.optionalStrings("urls") ?? [:]
    expires = try fields.string("expires")
  }
}

extension Checkpoint {
  fileprivate static func optional(
    _ fields: JSONFields, _ key: String
  ) throws(DataError) -> Checkpoint? {
    guard let value = try fields[key] else { return nil }
    return try Checkpoint(json: value, at: fields.place(key))
  }

  package init(json: JSONValue, at path: String = "checkpoint") throws(DataError) {
    let fields = JSONFields(json, at: path)
    guard let kind = Kind(rawValue: try fields.string("checkpoint_type")) else {
      throw .unexpected("training, sampler or external", at: fields.place("checkpoint_type"))
    }
    self.init(
      id: try fields.string("checkpoint_id"), kind: kind, time: try fields.string("time"),
      path: try fields.string("tinker_path"), byteCount: try fields.optionalInt("size_bytes"),
      isPublic: try fields.optionalBool("public") ?? false,
      userMetadata: try fields.optionalStrings("user_metadata"),
      expiresAt: try fields.optionalString("expires_at"))
  }
}

extension ModelInfo {
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "model info")
    let data = JSONFields(try fields["model_data"] ?? .object(JSONObject()), at: "model_data")
    let name = try fields.optionalString("model_name")
    let tokenizer = try data.optionalString("tokenizer_id")
    self.init(
      modelID: try fields.string("model_id"),
      baseModel: try data.optionalString("model_name") ?? name,
      tokenizerID: tokenizer.map { String($0.prefix { $0 != ":" }) },
      architecture: try data.optionalString("arch"), isLora: try fields.optionalBool("is_lora"),
      loraRank: try fields.optionalInt("lora_rank"),
      optimizer: try OptimizerConfig.optional(fields))
  }
}

extension OptimizerConfig {
  fileprivate static func optional(_ fields: JSONFields) throws(DataError) -> OptimizerConfig? {
    guard let value = try fields["optimizer_config"] else { return nil }
    guard let object = value.object else {
      throw .unexpected("an object", at: fields.place("optimizer_config"))
    }
    if value == OptimizerConfig.adamW.json { return .adamW }
    return value == OptimizerConfig.dimuon.json ? .dimuon : .other(object)
  }
}

extension SupportedModel {
  package init(json: JSONValue, at path: String = "model") throws(DataError) {
    let fields = JSONFields(json, at: path)
    self.init(
      name: try fields.optionalString("model_name") ?? "",
      maxContextLength: try fields.optionalInt("max_context_length"),
      isTrainable: try fields.optionalBool("trainable") ?? true,
      isSampleable: try fields.optionalBool("sampleable") ?? true)
  }
}

/// An element that is a text.
package func text(_ value: JSONValue, at path: String) throws(DataError) -> String {
  guard let text = value.text else { throw .unexpected("a string", at: path) }
  return text
}
