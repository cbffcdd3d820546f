import Foundation
import TestSupport
import Testing
import TinkerLocal

@Suite struct ModelConfigurationTests {
  static var plain: [String: Any] {
    [
      "model_type": "qwen3", "vocab_size": 10, "hidden_size": 8, "intermediate_size": 12,
      "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
      "rms_norm_eps": 1e-5, "max_position_embeddings": 99,
    ]
  }

  static func read(_ changes: [String: Any], generation: [String: Any]? = nil) throws
    -> ModelConfiguration
  {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let config = plain.merging(changes) { $1 }
    try JSONSerialization.data(withJSONObject: config).write(
      to: folder.appending(path: "config.json"))
    if let generation {
      try JSONSerialization.data(withJSONObject: generation).write(
        to: folder.appending(path: "generation_config.json"))
    }
    return try ModelConfiguration(folder: folder.path)
  }

  @Test func absentValues() throws {
    let plain = try Self.read([:])
    #expect(plain.headWidth == 128)
    #expect(plain.ropeBase == 10000)
    #expect(plain.endTokens.isEmpty && !plain.isTied && plain.vision == nil)
    #expect(plain.contextLength == 99)
  }

  @Test func placesOfTheRotaryBase() throws {
    #expect(try Self.read(["rope_theta": 1e6]).ropeBase == 1e6)
    #expect(try Self.read(["rope_parameters": ["rope_theta": 5e5]]).ropeBase == 5e5)
    #expect(try Self.read(["rope_theta": 1e6, "rope_scaling": NSNull()]).ropeBase == 1e6)
  }

  @Test func endTokens() throws {
    #expect(try Self.read(["eos_token_id": 3]).endTokens == [3])
    #expect(try Self.read(["eos_token_id": [3, 4]]).endTokens == [3, 4])
    #expect(
      try Self.read(["eos_token_id": 3], generation: ["eos_token_id": [5, 6]]).endTokens == [5, 6])
  }

  @Test(arguments: [
    ("model_type", "llama" as any Sendable), ("attention_bias", true), ("use_sliding_window", true),
    ("hidden_act", "gelu"), ("num_key_value_heads", 3), ("num_hidden_layers", 0),
    ("vocab_size", -1), ("head_dim", 7), ("rope_type", "yarn"), ("hidden_size", "x"),
  ])
  func refusals(key: String, value: any Sendable) {
    let changes: [String: Any] =
      key == "rope_type" ? ["rope_parameters": ["rope_type": value]] : [key: value]
    let error = #expect(throws: LocalError.self) { try Self.read(changes) }
    #expect(error?.isUserError == false)
  }

  @Test func missingAndMisshapenTensorsAreNamed() throws {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let configuration = ModelConfiguration(
      vocabularySize: 10, hiddenSize: 8, intermediateSize: 12, layers: 1, heads: 2,
      keyValueHeads: 1, headWidth: 4)
    let weights = try DecoderWeights(
      seed: 1, initialization: .hf, configuration: configuration, isTrained: true)
    let values = try #require(weights.values)
    func write(without missing: String? = nil, reshaped: String? = nil) throws {
      var writer = SafetensorsWriter()
      for entry in weights.layout.entries where entry.name != missing {
        let shape = entry.name == reshaped ? [entry.range.count] : entry.shape
        writer.add(entry.name, shape: shape, values, entry.range)
      }
      try Data(writer.bytes).write(to: folder.appending(path: "model.safetensors"))
    }
    try write()
    let read = try DecoderWeights(
      folder: folder.path, configuration: configuration, isTrained: true)
    #expect(read.values?.values == values.values)
    for name in ["model.norm.weight", "lm_head.weight", "model.layers.0.mlp.up_proj.weight"] {
      try write(without: name)
      let missing = #expect(throws: LocalError.self) {
        try DecoderWeights(folder: folder.path, configuration: configuration)
      }
      #expect(missing?.description.contains(name) == true)
    }
    try write(reshaped: "model.layers.0.self_attn.k_proj.weight")
    let reshaped = #expect(throws: LocalError.self) {
      try DecoderWeights(folder: folder.path, configuration: configuration)
    }
    #expect(reshaped?.description.contains("[32], not [4, 8]") == true)
  }

  /// The parameters per unit of rank that the service's table gives for Qwen3-4B.
  @Test func adapterSizes() throws {
    let configuration = ModelConfiguration(
      vocabularySize: 151_936, hiddenSize: 2560, intermediateSize: 9728, layers: 36, heads: 32,
      keyValueHeads: 8, isTied: true)
    let names = ParameterNames(configuration)
    var counts = [0, 0]
    for layer in 0..<36 {
      for entry in names.projections(layer) {
        counts[entry.name.contains("self_attn") ? 0 : 1] += entry.shape[0] + entry.shape[1]
      }
    }
    #expect(counts == [737_280, 1_327_104])
    #expect(names.embedding.shape.reduce(0, +) == 154_496)
  }
}
