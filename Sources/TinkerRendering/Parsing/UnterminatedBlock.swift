import TinkerJSON

/// A tool block that a response opens and does not close.
enum UnterminatedBlock {
  /// Looks for more opening markers than closing ones.
  static func detect(in text: String, open: String, close: String) -> UnparsedToolCall? {
    let span = text.utf8.span
    let opened = ByteSearch.places(of: open, in: span)
    guard let last = opened.last, opened.count > ByteSearch.places(of: close, in: span).count else {
      return nil
    }
    let tail = text[text.utf8.index(text.startIndex, offsetBy: last)...]
    return UnparsedToolCall(
      rawText: String(PythonText.prefix(tail, scalars: Limits.excerpt)),
      error: "\(errorStart): '\(open)' opened without a matching '\(close)'")
  }

  /// How the errors of such blocks begin.
  static let errorStart = "unterminated tool block"
}

extension UnparsedToolCall {
  /// Whether the block had no end.
  var isUnterminated: Bool { error.utf8.starts(with: UnterminatedBlock.errorStart.utf8) }
}
