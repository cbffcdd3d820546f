/// The tag with which a prompt opens the reasoning. A response goes on behind it and does not repeat it.
struct ReasoningOpening: Sendable {
  /// The tokens of the tag, and of the newline behind it where the prompt has one.
  let tokens: [UInt32]
  private let close: UInt32

  /// The opening by its text; `</think>` closes it.
  init(_ text: String, _ setup: FamilySetup) throws(RenderingError) {
    tokens = setup.encode(text)
    close = try setup.token("</think>")
  }

  /// The response with the opening in front, if it closes reasoning that it does not open.
  func restored(_ response: [UInt32]) -> [UInt32] {
    guard !response.starts(with: tokens), response.contains(close) else { return response }
    return tokens + response
  }
}
