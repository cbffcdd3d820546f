package import TinkerData
package import TinkerJSON

extension Checkpoint {
  /// The JSON form.
  package var json: JSONValue {
    .members([
      "checkpoint_id": .text(id), "checkpoint_type": .text(kind.rawValue), "time": .text(time),
      "tinker_path": .text(path), "size_bytes": .int(byteCount), "public": .bool(isPublic),
      "user_metadata": .texts(userMetadata), "expires_at": .text(expiresAt),
    ])
  }
}

extension TrainingRun {
  /// A run with all its parts.
  package init(
    id: String, baseModel: String, owner: String, isLora: Bool, loraRank: Int?,
    lastRequestTime: String, lastCheckpoint: Checkpoint?, lastSamplerCheckpoint: Checkpoint?,
    userMetadata: [String: String]?
  ) {
    self.id = id
    self.baseModel = baseModel
    self.owner = owner
    self.isLora = isLora
    isCorrupted = false
    self.loraRank = loraRank
    self.lastRequestTime = lastRequestTime
    self.lastCheckpoint = lastCheckpoint
    self.lastSamplerCheckpoint = lastSamplerCheckpoint
    self.userMetadata = userMetadata
  }

  /// The JSON form.
  package var json: JSONValue {
    .members([
      "training_run_id": .text(id), "base_model": .text(baseModel), "model_owner": .text(owner),
      "is_lora": .bool(isLora), "corrupted": .bool(isCorrupted), "lora_rank": .int(loraRank),
      "last_request_time": .text(lastRequestTime), "last_checkpoint": lastCheckpoint?.json,
      "last_sampler_checkpoint": lastSamplerCheckpoint?.json,
      "user_metadata": .texts(userMetadata),
    ])
  }
}

extension PageCursor {
  /// A place in a list.
  package init(offset: Int, limit: Int, totalCount: Int) {
    self.offset = offset
    self.limit = limit
    self.totalCount = totalCount
  }

  /// The JSON form.
  package var json: JSONValue {
    .members([
      "offset": .int(offset), "limit": .int(limit), "total_count": .int(totalCount),
    ])
  }
}

extension WeightsInfo {
  /// What a checkpoint holds.
  package init(
    baseModel: String, isLora: Bool, loraRank: Int?, trainUnembed: Bool?, trainMLP: Bool?,
    trainAttn: Bool?
  ) {
    self.baseModel = baseModel
    self.isLora = isLora
    self.loraRank = loraRank
    self.trainUnembed = trainUnembed
    self.trainMLP = trainMLP
    self.trainAttn = trainAttn
  }

  /// The JSON form.
  package var json: JSONValue {
    .members([
      "base_model": .text(baseModel), "is_lora": .bool(isLora), "lora_rank": .int(loraRank),
      "train_unembed": trainUnembed.map { .bool($0) }, "train_mlp": trainMLP.map { .bool($0) },
      "train_attn": trainAttn.map { .bool($0) }, "optimizer_config": ["type": "adamw"],
    ])
  }
}

extension SamplerInfo {
  /// A sampler with all its parts.
  package init(id: String, baseModel: String, modelPath: String?) {
    self.id = id
    self.baseModel = baseModel
    self.modelPath = modelPath
  }

  /// The JSON form.
  package var json: JSONValue {
    .members([
      "sampler_id": .text(id), "base_model": .text(baseModel), "model_path": .text(modelPath),
    ])
  }
}

extension SessionInfo {
  /// A session with all its parts.
  package init(
    trainingRunIDs: [String], samplerIDs: [String], userMetadata: [String: String]?,
    displayName: String?
  ) {
    self.trainingRunIDs = trainingRunIDs
    self.samplerIDs = samplerIDs
    self.userMetadata = userMetadata
    self.displayName = displayName
  }

  /// The JSON form.
  package var json: JSONValue {
    .members([
      "training_run_ids": .array(trainingRunIDs.map { .text($0) }),
      "sampler_ids": .array(samplerIDs.map { .text($0) }), "user_metadata": .texts(userMetadata),
      "display_name": .text(displayName),
    ])
  }
}

extension ExternalWeightsURLs {
  /// Addresses with their time.
  package init(urls: [String: String], expires: String) {
    self.urls = urls
    self.expires = expires
  }

  /// The JSON form.
  package var json: JSONValue {
    .members(["urls": .texts(urls), "expires": .text(expires)])
  }
}

extension ModelInfo {
  /// The JSON form.
  package var json: JSONValue {
    .members([
      "type": "get_info", "model_id": .text(modelID), "is_lora": isLora.map { .bool($0) },
      "lora_rank": .int(loraRank), "model_name": .text(baseModel),
      "optimizer_config": ["type": "adamw"],
      "model_data": .members([
        "arch": .text(architecture), "model_name": .text(baseModel),
        "tokenizer_id": .text(tokenizerID),
      ]),
    ])
  }
}

extension SupportedModel {
  /// The JSON form.
  package var json: JSONValue {
    .members([
      "model_name": .text(name), "max_context_length": .int(maxContextLength),
      "trainable": .bool(isTrainable), "sampleable": .bool(isSampleable),
    ])
  }
}
