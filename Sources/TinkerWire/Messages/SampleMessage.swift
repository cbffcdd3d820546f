package import TinkerData
package import TinkerJSON

/// The body of `asample`: a request with its place in a sampling session.
package struct SampleMessage: Sendable, Hashable {
  /// The session.
  package var sessionID: String
  /// The number of the request in it, from 0.
  package var sequenceNumber: Int
  /// Whether the server keeps what stable training losses need.
  package var recordsStability: Bool
  /// The request.
  package var request: SampleRequest

  package init(
    sessionID: String, sequenceNumber: Int, recordsStability: Bool, request: SampleRequest
  ) {
    self.sessionID = sessionID
    self.sequenceNumber = sequenceNumber
    self.recordsStability = recordsStability
    self.request = request
  }

  /// The JSON form. Members at their defaults are written too.
  package var json: [UInt8] {
    var writer = JSONWriter(style: .compact)
    writer.beginObject()
    writer.key("num_samples")
    writer.integer(request.numSamples)
    writer.key("prompt")
    request.prompt.write(to: &writer)
    writer.key("sampling_params")
    request.params.write(to: &writer)
    writer.key("sampling_session_id")
    writer.string(sessionID)
    writer.key("seq_id")
    writer.integer(sequenceNumber)
    writer.key("prompt_logprobs")
    writer.bool(request.promptLogprobs)
    if let lastN = request.promptLogprobsLastN {
      writer.key("prompt_logprobs_last_n")
      writer.integer(lastN)
    }
    writer.key("topk_prompt_logprobs")
    writer.integer(request.topKPromptLogprobs)
    writer.key("topk_sample_logprobs")
    writer.integer(request.topKSampleLogprobs)
    if let target = request.targetPromptLogprobs {
      writer.key("target_prompt_logprobs")
      target.write(to: &writer)
    }
    writer.key("prompt_alt_tokens_k")
    writer.integer(request.promptAltTokensK)
    writer.key("record_stability_info")
    writer.bool(recordsStability)
    writer.key("type")
    writer.string("sample")
    writer.endObject()
    return writer.bytes
  }

  /// Reads the JSON form.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "asample")
    var request = SampleRequest(
      prompt: try ModelInput(json: try fields.required("prompt")),
      numSamples: try fields.optionalInt("num_samples") ?? 1,
      params: try SamplingParams(json: try fields["sampling_params"] ?? .object(JSONObject())))
    request.promptLogprobs = try fields.optionalBool("prompt_logprobs") ?? false
    request.promptLogprobsLastN = try fields.optionalInt("prompt_logprobs_last_n")
    request.topKPromptLogprobs = try fields.optionalInt("topk_prompt_logprobs") ?? 0
    request.topKSampleLogprobs = try fields.optionalInt("topk_sample_logprobs") ?? 0
    request.promptAltTokensK = try fields.optionalInt("prompt_alt_tokens_k") ?? 0
    if let target = try fields["target_prompt_logprobs"] {
      request.targetPromptLogprobs = try TensorData(json: target)
    }
    self.init(
      sessionID: try fields.string("sampling_session_id"),
      sequenceNumber: try fields.optionalInt("seq_id") ?? 0,
      recordsStability: try fields.optionalBool("record_stability_info") ?? false,
      request: request)
  }
}
