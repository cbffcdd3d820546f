public import TinkerJSON

extension PreprocessorConfiguration {
  /// Reads the text of `preprocessor_config.json` or `processor_config.json`.
  ///
  /// - Throws: `PreprocessorConfigurationError` for texts that are no JSON or lack what is needed.
  public init(parsing text: [UInt8]) throws(PreprocessorConfigurationError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue.parse(text)
    } catch {
      throw PreprocessorConfigurationError("the configuration is no JSON: \(error)")
    }
    try self.init(value)
  }

  /// Reads a preprocessor's configuration.
  ///
  /// Both spellings of the limits are read, `min_pixels` with `max_pixels` and `size` with
  /// `shortest_edge` and `longest_edge`, which are numbers of pixels too. What a file leaves out has the
  /// value of Qwen3-VL when patches have 16 pixels, and of Qwen2.5-VL otherwise; the defaults in the
  /// processors' own code differ by twelve times and are no model's. A key `kind` with `kimi` or
  /// `nemotron` chooses another rule; without it the rule is Qwen's.
  ///
  /// - Parameter value: The object of `preprocessor_config.json`, or that of `processor_config.json` with
  ///   the former under `image_processor`.
  /// - Throws: `PreprocessorConfigurationError` with the key at fault.
  public init(_ value: JSONValue) throws(PreprocessorConfigurationError) {
    let inner = value["image_processor"] ?? value
    guard let object = inner.object else {
      throw PreprocessorConfigurationError("the configuration is no JSON object")
    }
    switch try object.text("kind") ?? "qwen" {
    case "qwen": try self.init(qwen: object)
    case "kimi": try self.init(kimi: object)
    case "nemotron": try self.init(nemotron: object)
    case let other:
      throw PreprocessorConfigurationError(
        "'\(other)' is not one of qwen, kimi, nemotron", key: "kind")
    }
  }

  private init(qwen object: JSONObject) throws(PreprocessorConfigurationError) {
    let patchSize = try object.integer("patch_size")
    let preset = patchSize == 16 ? Self.qwen3VL : .qwen25VL
    let rule = patchSize == 16 ? QwenSizeRule.qwen3VL : .qwen25VL
    if let times = try object.integer("temporal_patch_size"), times != 2 {
      throw PreprocessorConfigurationError(
        "patches of 2 frames are made", key: "temporal_patch_size")
    }
    let limits = object["size"]?.object ?? JSONObject()
    try self.init(
      size: .qwen(
        QwenSizeRule(
          patchSize: patchSize ?? rule.patchSize,
          mergeSize: try object.integer("merge_size", or: rule.mergeSize),
          minPixels: try object.integer(
            "min_pixels", or: try limits.integer("shortest_edge", or: rule.minPixels)),
          maxPixels: try object.integer(
            "max_pixels", or: try limits.integer("longest_edge", or: rule.maxPixels)))),
      mean: try object.numbers("image_mean", or: preset.mean),
      deviation: try object.numbers("image_std", or: preset.deviation))
  }

  private init(kimi object: JSONObject) throws(PreprocessorConfigurationError) {
    let rule = KimiSizeRule.k25
    try self.init(
      size: .kimi(
        KimiSizeRule(
          patchSize: try object.integer("patch_size", or: rule.patchSize),
          mergeSize: try object.integer("merge_size", or: rule.mergeSize),
          maxPatches: try object.integer("max_patches", or: rule.maxPatches),
          maxSide: try object.integer("side", or: rule.maxSide))),
      mean: try object.numbers("image_mean", or: Self.kimiK25.mean),
      deviation: try object.numbers("image_std", or: Self.kimiK25.deviation))
  }

  private init(nemotron object: JSONObject) throws(PreprocessorConfigurationError) {
    let rule = NemotronSizeRule.nemotron35Super
    try self.init(
      size: .nemotron(
        NemotronSizeRule(
          patchSize: try object.integer("patch_size", or: rule.patchSize),
          mergeSize: try object.integer("merge_size", or: rule.mergeSize),
          minPatches: try object.integer("min_patches", or: rule.minPatches),
          maxPatches: try object.integer("max_patches", or: rule.maxPatches),
          contextLength: try object.integer("max_model_len", or: rule.contextLength))),
      mean: try object.numbers("image_mean", or: Self.nemotron35Super.mean),
      deviation: try object.numbers("image_std", or: Self.nemotron35Super.deviation))
  }
}

/// Members of a configuration, each `nil` when it is absent or `null`.
extension JSONObject {
  fileprivate func text(_ key: String) throws(PreprocessorConfigurationError) -> String? {
    guard let value = self[key], value != .null else { return nil }
    guard let text = value.text else {
      throw PreprocessorConfigurationError("a string is expected", key: key)
    }
    return text
  }

  fileprivate func integer(
    _ key: String, or other: Int
  ) throws(PreprocessorConfigurationError) -> Int {
    if let value = try integer(key) { value } else { other }
  }

  fileprivate func integer(_ key: String) throws(PreprocessorConfigurationError) -> Int? {
    guard let value = self[key], value != .null else { return nil }
    guard let integer = value.int else {
      throw PreprocessorConfigurationError("an integer is expected", key: key)
    }
    return integer
  }

  fileprivate func numbers(
    _ key: String, or other: [Double]
  ) throws(PreprocessorConfigurationError) -> [Double] {
    guard let value = self[key], value != .null else { return other }
    var numbers: [Double] = []
    for element in value.array ?? [] {
      guard let number = element.double else {
        throw PreprocessorConfigurationError("a list of three numbers is expected", key: key)
      }
      numbers.append(number)
    }
    return numbers
  }
}
