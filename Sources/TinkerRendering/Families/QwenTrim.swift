import TinkerJSON

/// Trimming as the templates of Qwen3.5 do it.
enum QwenTrim {
  /// The content without white space at its ends. In a list, thinking parts are passed over, and
  /// trimming goes on through parts that become empty up to the first image.
  static func trimmed(_ content: MessageContent) -> MessageContent {
    switch content {
    case .text(let text): return .text(String(PythonText.strip(text[...])))
    case .parts(var parts):
      trim(&parts, parts.indices, by: PythonText.stripStart)
      trim(&parts, parts.indices.reversed(), by: PythonText.stripEnd)
      return .parts(parts)
    }
  }

  private static func trim(
    _ parts: inout [ContentPart], _ indices: some Sequence<Int>, by strip: (Substring) -> Substring
  ) {
    for index in indices {
      switch parts[index] {
      case .thinking: continue
      case .image, .other: return
      case .text(let text):
        let kept = String(strip(text[...]))
        parts[index] = .text(kept)
        if !kept.isEmpty { return }
      }
    }
  }
}
