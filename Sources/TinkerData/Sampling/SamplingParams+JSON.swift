public import TinkerJSON

extension SamplingParams {
  /// Writes the service's JSON form.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    if let maxTokens {
      writer.key("max_tokens")
      writer.integer(maxTokens)
    }
    if let seed {
      writer.key("seed")
      writer.unsigned(seed)
    }
    switch stop {
    case nil: break
    case .strings(let texts)?:
      writer.key("stop")
      writer.beginArray()
      for text in texts { writer.string(text) }
      writer.endArray()
    case .tokens(let tokens)?:
      writer.key("stop")
      writer.beginArray()
      for token in tokens { writer.integer(Int(token)) }
      writer.endArray()
    }
    writer.key("temperature")
    writer.double(temperature)
    writer.key("top_k")
    writer.integer(topK)
    writer.key("top_p")
    writer.double(topP)
    writer.endObject()
  }

  /// Reads the service's JSON form; missing members take their defaults, and one stop text is a list of
  /// one.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  public init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "sampling_params")
    self.init(
      maxTokens: try fields.optionalInt("max_tokens"),
      seed: try fields.optionalUnsigned("seed"),
      temperature: try fields.optionalDouble("temperature") ?? 1,
      topK: try fields.optionalInt("top_k") ?? -1, topP: try fields.optionalDouble("top_p") ?? 1)
    guard let value = try fields["stop"] else { return }
    if let text = value.text {
      stop = .strings([text])
      return
    }
    guard let values = value.array else {
      throw .unexpected("a string or an array", at: fields.place("stop"))
    }
    let texts = values.compactMap(\.text)
    let tokens = values.compactMap { $0.int.flatMap(UInt32.init(exactly:)) }
    if texts.count == values.count {
      stop = .strings(texts)
    } else if tokens.count == values.count {
      stop = .tokens(tokens)
    } else {
      throw .unexpected("only strings or only token ids", at: fields.place("stop"))
    }
  }
}
