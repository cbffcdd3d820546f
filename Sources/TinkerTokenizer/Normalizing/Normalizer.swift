package import TinkerJSON

/// The `normalizer` of a `tokenizer.json`: text to text.
package struct Normalizer: Sendable {
  /// No normalizer.
  package init() {}

  /// Reads the `normalizer` field; `nil`, `null` and an empty sequence change nothing.
  ///
  /// - Throws: `TokenizerError` that names the field and its value.
  package init(json: JSONValue?) throws(TokenizerError) {}

  /// Whether no text is ever changed.
  package var isIdentity: Bool { true }

  /// The normalized text, or `nil` if it is the same text. Nothing is copied then.
  package func normalize(_ text: Span<UInt8>) -> [UInt8]? { nil }

  /// Normalizes text, and keeps its places if it has them.
  package func normalize(_ text: inout AlignedText) {}
}
