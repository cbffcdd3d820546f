internal import TinkerJSON

/// Reads and writes adapters in PEFT's form.
package enum AdapterFiles {
  private static let prefix = "base_model.model."
  /// The service's own name of the head.
  private static let serviceHead = "model.unembed_tokens"

  /// How the head is named in a file.
  package enum HeadName: Sendable {
    /// PEFT's `lm_head`.
    case peft
    /// The service's `model.unembed_tokens`.
    case service
  }

  /// Reads the adapters of a folder.
  ///
  /// - Throws: `LocalError` that names what is missing, misshapen or not supported.
  package static func load(folder: String, for weights: DecoderWeights) throws(LocalError)
    -> AdapterSet
  {
    let configPath = folder + "/adapter_config.json"
    let config = try ModelConfiguration.object(configPath)
    func fail(_ problem: String) -> LocalError { .model(path: configPath, problem: problem) }
    guard let rank = config["r"]?.int, rank > 0, rank <= 4096 else {
      throw fail("r is missing or not a rank from 1 to 4096")
    }
    guard let alpha = config["lora_alpha"]?.double, alpha.isFinite else {
      throw fail("lora_alpha is missing or not finite")
    }
    for key in ["use_rslora", "use_dora", "fan_in_fan_out"] where config[key]?.bool == true {
      throw fail("\(key) is not supported")
    }
    for key in ["rank_pattern", "alpha_pattern"] where config[key]?.object?.isEmpty == false {
      throw fail("\(key) is not supported")
    }
    let file = try Safetensors(path: folder + "/adapter_model.safetensors")
    let set = AdapterSet(for: weights, rank: rank, alpha: alpha) { module in
      names(of: module).contains { file[$0 + ".lora_A.weight"] != nil }
    }
    guard !set.modules.isEmpty else {
      throw .model(path: file.path, problem: "has no adapter for a module of this model")
    }
    for name in file.names where name.hasSuffix(".lora_A.weight") {
      guard
        set.modules.contains(where: { names(of: $0).contains { $0 + ".lora_A.weight" == name } })
      else { throw .model(path: file.path, problem: "\(name) adapts no module of this model") }
    }
    for entry in set.layout.entries {
      guard let name = names(of: entry.name).first(where: { file[$0] != nil }),
        let found = file[name]
      else { throw .model(path: file.path, problem: "tensor \(entry.name) is missing") }
      guard found.shape == entry.shape else {
        throw .model(
          path: file.path,
          problem: "tensor \(name) has the shape \(found.shape), not \(entry.shape)")
      }
      let part = try file.tensor(name)
      Matrix(set.values, offset: entry.range.lowerBound, rows: 1, columns: part.count, stride: 0)
        .copy(from: Matrix(part, offset: 0, rows: 1, columns: part.count, stride: 0))
    }
    set.repack()
    return set
  }

  /// The name of the base model of a folder's adapters.
  ///
  /// - Throws: `LocalError` if the folder does not say it.
  static func baseModel(folder: String) throws(LocalError) -> String {
    let path = folder + "/adapter_config.json"
    guard let name = try ModelConfiguration.object(path)["base_model_name_or_path"]?.text else {
      throw .model(path: path, problem: "base_model_name_or_path is missing")
    }
    return name
  }

  /// The names that a module, or one of its tensors, may have in a file.
  private static func names(of name: String) -> [String] {
    guard name.hasPrefix("lm_head") else { return [prefix + name] }
    return [prefix + name, prefix + serviceHead + name.dropFirst("lm_head".count)]
  }

  /// The files of an adapter: name and bytes.
  package static func files(
    _ set: AdapterSet, baseModel: String, headName: HeadName = .peft
  ) -> [(name: String, bytes: [UInt8])] {
    var writer = SafetensorsWriter()
    for entry in set.layout.entries {
      let known = names(of: entry.name)
      writer.add(
        headName == .service ? known[known.count - 1] : known[0], shape: entry.shape, set.values,
        entry.range)
    }
    var targets: [String] = []
    for module in set.modules {
      let name = String(module.split(separator: ".").last ?? "")
      let written = name == "lm_head" && headName == .service ? "unembed_tokens" : name
      if !targets.contains(written) { targets.append(written) }
    }
    let alpha: JSONNumber = Int(exactly: set.alpha).map { .integer($0) } ?? .double(set.alpha)
    let config: JSONObject = [
      "peft_type": .string("LORA"), "task_type": .string("CAUSAL_LM"),
      "base_model_name_or_path": .string(JSONString(baseModel)), "r": .number(.integer(set.rank)),
      "lora_alpha": .number(alpha),
      "target_modules": .array(targets.map { .string(JSONString($0)) }),
      "lora_dropout": .number(.double(0)), "bias": .string("none"),
      "fan_in_fan_out": .bool(false), "inference_mode": .bool(true),
      "init_lora_weights": .bool(true), "modules_to_save": .null, "rank_pattern": .object([:]),
      "alpha_pattern": .object([:]),
    ]
    return [
      ("adapter_model.safetensors", writer.bytes),
      ("adapter_config.json", Array(JSONValue.object(config).serialized(.python).utf8)),
    ]
  }
}
