internal import TinkerJSON

extension ModelConfiguration {
  /// Reads a model folder's `config.json` and, where it exists, `generation_config.json`.
  ///
  /// - Throws: `LocalError` that names what the engine does not run.
  package init(folder: String) throws(LocalError) {
    let path = folder + "/config.json"
    let config = try Self.object(path)
    try self.init(config, path: path)
    let generation = folder + "/generation_config.json"
    if FileSystem.exists(generation), let ends = try Self.object(generation)["eos_token_id"] {
      endTokens = Self.tokens(ends)
    }
    try check(path: path)
  }

  /// The members of a JSON file.
  static func object(_ path: String) throws(LocalError) -> JSONObject {
    let bytes = try FileSystem.read(path)
    do {
      guard let object = try JSONValue.parse(bytes).object else {
        throw LocalError.model(path: path, problem: "is not an object")
      }
      return object
    } catch let error as LocalError {
      throw error
    } catch {
      throw .model(path: path, problem: "is not JSON: \(error)")
    }
  }

  private static func tokens(_ value: JSONValue) -> [UInt32] {
    let values = value.array ?? [value]
    return values.compactMap { $0.int.flatMap { UInt32(exactly: $0) } }
  }

  private init(_ config: JSONObject, path: String) throws(LocalError) {
    func fail(_ problem: String) -> LocalError { .model(path: path, problem: problem) }
    let type = config["model_type"]?.text ?? "absent"
    guard type == "qwen3" || type == "qwen3_vl" else {
      throw fail("model_type is \(type); the engine runs qwen3 and qwen3_vl")
    }
    let sees = type == "qwen3_vl"
    guard let text = sees ? config["text_config"]?.object : config else {
      throw fail("text_config is missing")
    }
    func int(_ key: String) throws(LocalError) -> Int {
      guard let value = text[key]?.int else { throw fail("\(key) is missing or no integer") }
      return value
    }
    if text["attention_bias"]?.bool == true { throw fail("attention_bias is not supported") }
    if text["use_sliding_window"]?.bool == true {
      throw fail("use_sliding_window is not supported")
    }
    let activation = text["hidden_act"]?.text ?? "silu"
    guard activation == "silu" else { throw fail("hidden_act is \(activation); silu is needed") }
    // transformers 5 nests what transformers 4 wrote at the top.
    let rope = text["rope_parameters"]?.object ?? text["rope_scaling"]?.object
    let ropeType = rope?["rope_type"]?.text ?? rope?["type"]?.text ?? "default"
    guard ropeType == "default" || (sees && ropeType == "mrope") else {
      throw fail("the rotary type is \(ropeType); default is needed")
    }
    let absent = sees ? 500_000.0 : 10_000.0
    let heads = try int("num_attention_heads")
    self.init(
      vocabularySize: try int("vocab_size"), hiddenSize: try int("hidden_size"),
      intermediateSize: try int("intermediate_size"), layers: try int("num_hidden_layers"),
      heads: heads, keyValueHeads: text["num_key_value_heads"]?.int ?? heads,
      headWidth: text["head_dim"]?.int ?? 128,
      normEpsilon: Float(text["rms_norm_eps"]?.double ?? 1e-6),
      ropeBase: rope?["rope_theta"]?.double ?? text["rope_theta"]?.double ?? absent,
      isTied: (config["tie_word_embeddings"] ?? text["tie_word_embeddings"])?.bool ?? false,
      endTokens: (text["eos_token_id"] ?? config["eos_token_id"]).map(Self.tokens) ?? [],
      contextLength: text["max_position_embeddings"]?.int ?? 32768,
      initializerRange: text["initializer_range"]?.double ?? 0.02,
      ropeSections: sees ? rope?["mrope_section"]?.array?.compactMap(\.int) ?? [24, 20, 20] : nil,
      vision: sees ? try VisionConfiguration(config, path: path) : nil)
  }

  /// The bytes of `config.json`.
  var fileBytes: [UInt8] { Array(JSONValue.object(json).serialized(.python).utf8) }

  /// The members of `config.json` of a text model in Hugging Face's form.
  private var json: JSONObject {
    func number(_ value: Int) -> JSONValue { .number(.integer(value)) }
    var object: JSONObject = [
      "architectures": .array([.string("Qwen3ForCausalLM")]),
      "model_type": .string("qwen3"), "attention_bias": .bool(false),
      "hidden_act": .string("silu"), "vocab_size": number(vocabularySize),
      "hidden_size": number(hiddenSize), "intermediate_size": number(intermediateSize),
      "num_hidden_layers": number(layers), "num_attention_heads": number(heads),
      "num_key_value_heads": number(keyValueHeads), "head_dim": number(headWidth),
      "max_position_embeddings": number(contextLength),
    ]
    object["rms_norm_eps"] = .number(.double(Double(normEpsilon.description) ?? 1e-6))
    object["rope_theta"] = .number(.double(ropeBase))
    object["initializer_range"] = .number(.double(initializerRange))
    object["tie_word_embeddings"] = .bool(isTied)
    object["eos_token_id"] = .array(endTokens.map { number(Int($0)) })
    object["torch_dtype"] = .string("float32")
    return object
  }
}
