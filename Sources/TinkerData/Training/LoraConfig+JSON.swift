public import TinkerJSON

extension LoraConfig {
  /// Checks that there is something to train.
  ///
  /// - Throws: `DataError` if the rank is not positive or nothing is trained.
  public func validate() throws(DataError) {
    guard rank > 0 else { throw .parameter(name: "rank", "must be positive, not \(rank)") }
    guard trainUnembed || trainMLP || trainAttn else {
      throw .parameter(
        name: "lora_config", "at least one of unembedding, MLP and attention must be trained")
    }
  }

  /// Writes the service's JSON form.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("rank")
    writer.integer(rank)
    if let seed {
      writer.key("seed")
      writer.unsigned(seed)
    }
    writer.key("train_unembed")
    writer.bool(trainUnembed)
    writer.key("train_mlp")
    writer.bool(trainMLP)
    writer.key("train_attn")
    writer.bool(trainAttn)
    writer.endObject()
  }

  /// Reads the service's JSON form; members that are not told take the service's defaults.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  public init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "lora_config")
    self.init(
      rank: try fields.int("rank"), seed: try fields.optionalUnsigned("seed"),
      trainUnembed: try fields.optionalBool("train_unembed") ?? true,
      trainMLP: try fields.optionalBool("train_mlp") ?? true,
      trainAttn: try fields.optionalBool("train_attn") ?? true)
  }
}
