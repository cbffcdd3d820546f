package import TinkerData
package import TinkerJSON

/// The body of `create_model`.
package struct CreateModelRequest: Sendable, Hashable {
  /// The session.
  package var sessionID: String
  /// The number of the model in it.
  package var number: Int
  /// The base model.
  package var baseModel: String
  /// The adapters.
  package var lora: LoraConfig
  /// The kind of optimizer.
  package var optimizer: String
  /// Texts that are kept with it.
  package var userMetadata: [String: String]?

  /// Reads the JSON form.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "create_model")
    sessionID = try fields.string("session_id")
    number = try fields.int("model_seq_id")
    baseModel = try fields.string("base_model")
    lora = try LoraConfig(json: try fields["lora_config"] ?? ["rank": 32])
    optimizer = try fields["optimizer_config"]?["type"]?.text ?? "adamw"
    userMetadata = try fields.optionalStrings("user_metadata")
  }
}

/// The body of `load_weights` in both of its forms.
package struct LoadWeightsRequest: Sendable, Hashable {
  /// What the weights are loaded into.
  package enum Target: Sendable, Hashable {
    /// A new model of a session by its number.
    case new(sessionID: String, number: Int, userMetadata: [String: String]?)
    /// A model that is there, in its order of requests.
    case existing(modelID: String, sequenceNumber: Int)
  }

  /// What the weights are loaded into.
  package var target: Target
  /// The checkpoint.
  package var path: String
  /// Whether the optimizer's state is loaded, too.
  package var withOptimizer: Bool
  /// The kind of optimizer, if it is told.
  package var optimizer: String?

  /// Reads the JSON form.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "load_weights")
    path = try fields.string("path")
    withOptimizer = try fields.optionalBool("optimizer") ?? false
    optimizer = try fields["optimizer_config"]?["type"]?.text
    if let modelID = try fields.optionalString("model_id") {
      target = .existing(
        modelID: modelID, sequenceNumber: try fields.optionalInt("seq_id") ?? 0)
    } else {
      target = .new(
        sessionID: try fields.string("session_id"), number: try fields.int("model_seq_id"),
        userMetadata: try fields.optionalStrings("user_metadata"))
    }
  }
}

/// The body of `optim_step`.
package struct OptimStepRequest: Sendable, Hashable {
  /// The model.
  package var modelID: String
  /// The place in the order of the model's requests.
  package var sequenceNumber: Int
  /// The settings of AdamW; `nil` for another optimizer.
  package var adam: AdamParams?

  /// Reads the JSON form.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "optim_step")
    modelID = try fields.string("model_id")
    sequenceNumber = try fields.optionalInt("seq_id") ?? 0
    adam = try fields["adam_params"].map { (json) throws(DataError) in try AdamParams(json: json) }
  }
}

/// The body of the three requests that save weights.
package struct SaveRequest: Sendable, Hashable {
  /// The model.
  package var modelID: String
  /// The place in the order of the model's requests.
  package var sequenceNumber: Int
  /// The name; `nil` for weights that only a sampler uses.
  package var name: String?
  /// The number of the sampler that uses unnamed weights.
  package var samplerNumber: Int?
  /// Whether the samplers of such saves share the weights of the last one.
  package var isInflight: Bool
  /// After how many seconds the checkpoint is removed.
  package var secondsToLive: Int?
  /// Whether a checkpoint of that name is replaced.
  package var overwrites: Bool
  /// Texts that are kept with it.
  package var userMetadata: [String: String]?
  /// Whom external weights are encrypted for.
  package var recipients: [String]

  /// Reads the JSON form.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "save_weights")
    modelID = try fields.string("model_id")
    sequenceNumber = try fields.optionalInt("seq_id") ?? 0
    name = try fields.optionalString("path")
    samplerNumber = try fields.optionalInt("sampling_session_seq_id")
    isInflight = try fields.optionalString("kind") == "inflight"
    secondsToLive = try fields.optionalInt("ttl_seconds")
    overwrites = try fields.optionalBool("overwrite") ?? false
    userMetadata = try fields.optionalStrings("user_metadata")
    recipients = try fields.optionalArray("age_encryption_recipients", text) ?? []
  }
}

/// Where a request of a model stands, as far as a body tells that is not understood otherwise.
package struct RequestPlace: Sendable, Hashable {
  /// The model.
  package var modelID: String
  /// The place in the order of the model's requests.
  package var sequenceNumber: Int

  /// A place.
  package init(modelID: String, sequenceNumber: Int) {
    self.modelID = modelID
    self.sequenceNumber = sequenceNumber
  }

  /// Reads the place, or gives `nil`.
  package init?(json: JSONValue) {
    guard let modelID = json["model_id"]?.text, let number = json["seq_id"]?.int else { return nil }
    self.modelID = modelID
    sequenceNumber = number
  }
}
