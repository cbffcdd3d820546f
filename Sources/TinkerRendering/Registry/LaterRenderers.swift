extension RendererRegistry {
  /// One row for each renderer of the later families.
  static let laterEntries: [Entry] = qwenEntries + deepSeekEntries + gptEntries + otherEntries

  private static func visionOptions(stripsHistory: Bool) -> [RendererOption] {
    [
      .stripsThinkingFromHistory(stripsHistory),
      RendererOption("merge_text_chunks", .bool(defaultValue: true)),
    ]
  }

  // MARK: Qwen3.5 and 3.8, Nemotron 3

  private static let qwenEntries: [Entry] = [
    Entry(names: ["qwen3_5"], options: visionOptions(stripsHistory: true)) {
      setup throws(RenderingError) in try Qwen35(.v35, setup)
    },
    Entry(names: ["qwen3_5_disable_thinking"], options: visionOptions(stripsHistory: true)) {
      setup throws(RenderingError) in try Qwen35(.v35, disablesThinking: true, setup)
    },
    Entry(names: ["qwen3_5_preserve_thinking"], options: visionOptions(stripsHistory: false)) {
      setup throws(RenderingError) in try Qwen35(.v35, setup)
    },
    qwen38("xhigh", instruction: Qwen38Effort.xhigh),
    qwen38("medium", instruction: ""),
    qwen38("low", instruction: Qwen38Effort.low),
    Entry(names: ["qwen3_8_disable_thinking"], options: visionOptions(stripsHistory: false)) {
      setup throws(RenderingError) in
      try Qwen35(.v38(instruction: ""), disablesThinking: true, setup)
    },
    nemotron("nemotron3", isUltra: false),
    nemotron("nemotron3_low_thinking", isUltra: false, effort: .reduced),
    nemotron("nemotron3_disable_thinking", isUltra: false, effort: .disabled),
    nemotron("nemotron3_preserve_thinking", isUltra: false, stripsHistory: false),
    nemotron("nemotron3_ultra", isUltra: true),
    nemotron("nemotron3_ultra_medium_thinking", isUltra: true, effort: .reduced),
    nemotron("nemotron3_ultra_disable_thinking", isUltra: true, effort: .disabled),
    nemotron("nemotron3_ultra_preserve_thinking", isUltra: true, stripsHistory: false),
  ]

  private static func qwen38(_ effort: String, instruction: String) -> Entry {
    Entry(
      names: ["qwen3_8_\(effort)_reasoning"], options: visionOptions(stripsHistory: false)
    ) { setup throws(RenderingError) in try Qwen35(.v38(instruction: instruction), setup) }
  }

  private static func nemotron(
    _ name: String, isUltra: Bool, effort: Nemotron3.Effort = .full, stripsHistory: Bool = true
  ) -> Entry {
    Entry(names: [name], options: visionOptions(stripsHistory: stripsHistory)) {
      setup throws(RenderingError) in try Nemotron3(isUltra: isUltra, effort: effort, setup)
    }
  }

  // MARK: DeepSeek-V4.1

  private static let deepSeekEntries: [Entry] = [
    deepSeek("deepseekv4_1", budget: 75),
    deepSeek("deepseekv4_1_low_reasoning", budget: 50),
    deepSeek("deepseekv4_1_max_reasoning", budget: 100),
    deepSeek("deepseekv4_1_disable_thinking", budget: nil),
    deepSeek("deepseekv4_1_preserve_thinking", budget: 75, stripsHistory: false),
  ]

  private static func deepSeek(
    _ name: String, budget: Int?, stripsHistory: Bool = true
  ) -> Entry {
    Entry(names: [name], options: [.stripsThinkingFromHistory(stripsHistory)]) {
      setup throws(RenderingError) in try DeepSeekV41(budget: budget, setup)
    }
  }

  // MARK: GPT-OSS

  private static let gptEntries: [Entry] = [
    Entry(names: ["gpt_oss_no_sysprompt"], options: []) { setup throws(RenderingError) in
      try GPTOSS(effort: nil, setup)
    },
    gptOSS("low"), gptOSS("medium"), gptOSS("high"),
  ]

  /// The reference takes today's date; here nothing but the caller decides a token.
  private static func gptOSS(_ effort: String) -> Entry {
    Entry(
      names: ["gpt_oss_\(effort)_reasoning"],
      options: [RendererOption("current_date", .requiredText(example: "2025-06-28"))]
    ) { setup throws(RenderingError) in try GPTOSS(effort: effort, setup) }
  }

  // MARK: Kimi and GLM

  private static let otherEntries: [Entry] = [
    kimi(["kimi_k2"], .silent),
    kimi(["kimi_k25", "kimi_k26"], .open),
    kimi(["kimi_k25_disable_thinking", "kimi_k26_disable_thinking"], .closed),
    kimi(["kimi_k26_preserve_thinking"], .open, stripsHistory: false),
    glm("max", "Max"), glm("high", "High"), glm("low", "Low"),
  ]

  private static func kimi(
    _ names: [String], _ opening: KimiK2.Opening, stripsHistory: Bool = true
  ) -> Entry {
    Entry(names: names, options: [.stripsThinkingFromHistory(stripsHistory)]) {
      setup throws(RenderingError) in try KimiK2(opening, setup)
    }
  }

  private static func glm(_ effort: String, _ shown: String) -> Entry {
    Entry(
      names: ["glm5_3_\(effort)_reasoning"], options: [.stripsThinkingFromHistory(false)]
    ) { setup throws(RenderingError) in try GLM53(effort: shown, setup) }
  }
}
