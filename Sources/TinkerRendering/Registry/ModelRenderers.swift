extension Renderer {
  /// The names of the renderers that fit a model; the first is recommended.
  ///
  /// - Parameter model: `organization/name`; what follows a colon is passed over.
  /// - Returns: one name or more.
  /// - Throws: `RenderingError` of kind `request` for a model that is not in the table.
  public static func recommended(forModel model: String) throws(RenderingError) -> [String] {
    let name = model.prefix { $0 != ":" }
    guard let slash = name.firstIndex(of: "/") else {
      throw RenderingError(.request, "a model is named organization/name, not '\(model)'")
    }
    let organization = String(name[..<slash])
    let short = String(name[name.index(after: slash)...])
    guard let rows = ModelRenderers.rows.first(where: { $0.organization == organization })?.rows
    else {
      let known = ModelRenderers.rows.map(\.organization).joined(separator: ", ")
      throw RenderingError(
        .request, "no renderer is known for '\(organization)'; organizations with one are \(known)")
    }
    guard let row = rows.first(where: { ModelRenderers.matches($0.models, short) }) else {
      throw RenderingError(
        .request, "no renderer is known for '\(model)'; name the renderer that it was trained with")
    }
    return row.renderers
  }
}

/// The renderers of published models, as the reference recommends them.
private enum ModelRenderers {
  struct Row: Sendable {
    let models: [String]
    let renderers: [String]

    init(_ models: [String], _ renderers: [String]) {
      self.models = models
      self.renderers = renderers
    }
  }

  /// Whether a name is in the list; a name that ends in `*` stands for all that begin so.
  static func matches(_ models: [String], _ name: String) -> Bool {
    models.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : name == $0 }
  }

  private static let qwen35 = ["qwen3_5", "qwen3_5_disable_thinking", "qwen3_5_preserve_thinking"]
  private static let ultra = [
    "nemotron3_ultra", "nemotron3_ultra_disable_thinking", "nemotron3_ultra_medium_thinking",
    "nemotron3_ultra_preserve_thinking",
  ]
  private static let nemotron = [
    "nemotron3", "nemotron3_disable_thinking", "nemotron3_preserve_thinking",
  ]

  static let rows: [(organization: String, rows: [Row])] = [
    (
      "meta-llama",
      [
        Row(["Llama-3.1-8B-Instruct", "Llama-3.3-70B-Instruct"], ["llama3"]),
        Row(
          ["Llama-3.2-1B", "Llama-3.2-3B", "Llama-3.1-8B", "Llama-3.1-70B"], ["role_colon"]),
      ]
    ),
    (
      "Qwen",
      [
        Row(
          ["Qwen3-8B-Base", "Qwen3-30B-A3B-Base", "Qwen3.5-9B-Base", "Qwen3.5-35B-A3B-Base"],
          ["role_colon"]),
        Row(["Qwen3-8B", "Qwen3-32B", "Qwen3-30B-A3B"], ["qwen3", "qwen3_disable_thinking"]),
        Row(
          [
            "Qwen3-4B-Instruct-2507", "Qwen3-30B-A3B-Instruct-2507",
            "Qwen3-235B-A22B-Instruct-2507",
          ], ["qwen3_instruct"]),
        Row(
          ["Qwen3-VL-30B-A3B-Instruct", "Qwen3-VL-235B-A22B-Instruct"], ["qwen3_vl_instruct"]),
        Row(
          [
            "Qwen3.5-4B", "Qwen3.5-9B", "Qwen3.5-27B", "Qwen3.5-35B-A3B", "Qwen3.5-397B-A17B",
            "Qwen3.6-27B", "Qwen3.6-35B-A3B",
          ], qwen35),
        Row(
          ["Qwen3.8-27B"],
          [
            "qwen3_8_xhigh_reasoning", "qwen3_8_disable_thinking", "qwen3_8_medium_reasoning",
            "qwen3_8_low_reasoning",
          ]),
      ]
    ),
    (
      "deepseek-ai",
      [
        Row(["DeepSeek-V3.1"], ["deepseekv3", "deepseekv3_thinking"]),
        Row(["DeepSeek-V3.1-Base"], ["role_colon"]),
        Row(
          ["DeepSeek-V4.1-Flash", "DeepSeek-V4.1-Flash-1017"],
          [
            "deepseekv4_1", "deepseekv4_1_low_reasoning", "deepseekv4_1_max_reasoning",
            "deepseekv4_1_disable_thinking", "deepseekv4_1_preserve_thinking",
          ]),
      ]
    ),
    (
      "openai",
      [Row(["gpt-oss-20b", "gpt-oss-120b"], ["gpt_oss_no_sysprompt", "gpt_oss_medium_reasoning"])]
    ),
    (
      "moonshotai",
      [
        Row(["Kimi-K2-Thinking"], ["kimi_k2"]),
        Row(["Kimi-K2.5"], ["kimi_k25", "kimi_k25_disable_thinking"]),
        Row(
          ["Kimi-K2.6"], ["kimi_k26", "kimi_k26_disable_thinking", "kimi_k26_preserve_thinking"]),
        Row(
          ["Kimi-K3.1-Pro"],
          [
            "kimi_k31_pro_max_reasoning", "kimi_k31_pro_high_reasoning",
            "kimi_k31_pro_low_reasoning", "kimi_k31_pro_disable_thinking",
            "kimi_k31_pro_no_reasoning_effort",
          ]),
      ]
    ),
    (
      "zai-org",
      [
        Row(
          ["GLM-5.3", "GLM-5.3-Flash"],
          ["glm5_3_max_reasoning", "glm5_3_low_reasoning", "glm5_3_high_reasoning"])
      ]
    ),
    (
      "nvidia",
      [
        Row(["NVIDIA-Nemotron-3-Nano-30B-A3B-BF16"], nemotron),
        Row(["NVIDIA-Nemotron-3-Super-120B-A12B-BF16"], nemotron + ["nemotron3_low_thinking"]),
        Row(
          [
            "NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16", "NVIDIA-Nemotron-3.5-Super-VL-120B-A12B-BF16",
          ], ultra),
        Row(
          ["NVIDIA-Nemotron-3.5-Lightning-30B-A3B-BF16"],
          ultra.filter { $0 != "nemotron3_ultra_medium_thinking" }),
      ]
    ),
    ("thinkingmachines", [Row(["Inkling*"], ["tml_v0"])]),
  ]
}
