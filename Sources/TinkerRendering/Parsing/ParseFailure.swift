import TinkerJSON

extension ParsedResponse {
  /// What is wrong with the response, or `nil`.
  public var failure: ParseFailure? {
    if !termination.isClean {
      return ParseFailure(
        kind: .structural,
        detail: """
          response did not terminate cleanly (termination=\(termination.rawValue)): expected the \
          renderer's stop signal or EOS, so the message framing is broken
          """)
    }
    guard let calls = message.unparsedToolCalls, !calls.isEmpty else { return nil }
    let errors = calls.map(\.error).joined(separator: "\n")
    return ParseFailure(
      kind: .content, detail: String(PythonText.prefix(errors[...], scalars: Limits.excerpt)))
  }
}

/// Limits on what is kept of a response's faults.
enum Limits {
  /// Scalars of a raw text or of errors.
  static let excerpt = 16384
}
