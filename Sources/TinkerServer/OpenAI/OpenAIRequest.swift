import TinkerData
import TinkerJSON

/// A request to complete a text or a chat, in OpenAI's form.
struct OpenAIRequest: Sendable {
  /// What is asked for where nothing is said.
  private static let defaultTokens = 128
  private static let maximumChoices = 128

  let model: String
  let body: JSONValue
  let choices: Int
  let isStreamed: Bool
  /// Whether the last piece of a stream tells how many tokens there were.
  let streamsUsage: Bool
  /// The texts that end an answer and are not part of it.
  let stops: [String]
  /// How many of the best tokens are told at each token; `nil` tells no log-probabilities.
  let logprobs: Int?
  private let fields: JSONFields

  init(json: JSONValue) throws(DataError) {
    fields = JSONFields(json, at: "request")
    body = json
    model = try fields.string("model")
    choices = try fields.optionalInt("n") ?? 1
    guard (1...Self.maximumChoices).contains(choices) else {
      throw .parameter(name: "n", "must lie in 1...\(Self.maximumChoices), not \(choices)")
    }
    isStreamed = try fields.optionalBool("stream") ?? false
    streamsUsage = try fields["stream_options"]?["include_usage"]?.bool ?? false
    switch try fields["stop"] {
    case nil: stops = []
    case .string?: stops = [try fields.string("stop")]
    default:
      stops = try fields.array("stop") { (value, path) throws(DataError) in
        guard let text = value.text else { throw .unexpected("a string", at: path) }
        return text
      }
    }
    guard stops.allSatisfy({ !$0.isEmpty }) else {
      throw .parameter(name: "stop", "a stop text is empty")
    }
    // A number for completions, a truth value with a number beside it for chats.
    if let flag = try fields["logprobs"]?.bool {
      logprobs = flag ? try fields.optionalInt("top_logprobs") ?? 0 : nil
    } else {
      logprobs = try fields.optionalInt("logprobs")
    }
    if isStreamed, logprobs != nil {
      throw .parameter(name: "logprobs", "are not streamed by this server")
    }
  }

  /// How tokens are drawn, with the texts that end an answer beside the model's own ends.
  func sampling(stops: [String]) throws(DataError) -> SamplingParams {
    var limit = try fields.optionalInt("max_completion_tokens")
    if limit == nil { limit = try fields.optionalInt("max_tokens") }
    return SamplingParams(
      maxTokens: limit ?? Self.defaultTokens,
      seed: try fields.optionalUnsigned("seed"), stop: stops.isEmpty ? nil : .strings(stops),
      temperature: try fields.optionalDouble("temperature") ?? 1,
      topK: try fields.optionalInt("top_k") ?? -1, topP: try fields.optionalDouble("top_p") ?? 1)
  }

  /// A request to sample.
  func sample(_ prompt: ModelInput, stops: [String]) throws(DataError) -> SampleRequest {
    var request = SampleRequest(
      prompt: prompt, numSamples: choices, params: try sampling(stops: stops))
    request.topKSampleLogprobs = max(0, min(logprobs ?? 0, 20))
    return request
  }

  /// What a member holds, or `nil`.
  func member(_ name: String) throws(DataError) -> JSONValue? { try fields[name] }
}
