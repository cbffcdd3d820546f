extension RendererRegistry {
  /// One row for each renderer of this package.
  static let standardEntries: [Entry] = [
    Entry(names: ["role_colon"], options: []) { setup throws(RenderingError) in RoleColon(setup) },
    Entry(names: ["llama3"], options: []) { setup throws(RenderingError) in try Llama3(setup) },
    Entry(names: ["qwen3"], options: [.stripsThinkingFromHistory(true)]) {
      setup throws(RenderingError) in try Qwen3(.thinking, setup)
    },
    Entry(names: ["qwen3_disable_thinking"], options: [.stripsThinkingFromHistory(true)]) {
      setup throws(RenderingError) in try Qwen3(.disabled, setup)
    },
    Entry(names: ["qwen3_instruct"], options: [.stripsThinkingFromHistory(true)]) {
      setup throws(RenderingError) in try Qwen3(.instruct, setup)
    },
    Entry(names: ["qwen3_vl"], options: visionOptions) {
      setup throws(RenderingError) in try Qwen3VL(isInstruct: false, setup)
    },
    Entry(names: ["qwen3_vl_instruct"], options: visionOptions) {
      setup throws(RenderingError) in try Qwen3VL(isInstruct: true, setup)
    },
    Entry(names: ["deepseekv3", "deepseekv3_disable_thinking"], options: deepSeekOptions) {
      setup throws(RenderingError) in try DeepSeekV3(thinks: false, setup)
    },
    Entry(names: ["deepseekv3_thinking"], options: deepSeekOptions) {
      setup throws(RenderingError) in try DeepSeekV3(thinks: true, setup)
    },
    Entry(
      names: [
        "kimi_k31_pro_max_reasoning", "kimi_k31_pro_high_reasoning", "kimi_k31_pro_low_reasoning",
        "kimi_k31_pro_disable_thinking", "kimi_k31_pro_no_reasoning_effort", "tml_v0",
      ], options: []
    ) { setup throws(RenderingError) in
      throw RenderingError(
        .unsupported,
        "\(setup.name) is not supported: its format is in a compiled package and not published")
    },
  ]

  private static let visionOptions: [RendererOption] = [
    .stripsThinkingFromHistory(true),
    RendererOption("merge_text_chunks", .bool(defaultValue: true)),
  ]

  private static let deepSeekOptions: [RendererOption] = [
    .stripsThinkingFromHistory(true),
    RendererOption("system_role_as_user", .bool(defaultValue: false)),
  ]
}
