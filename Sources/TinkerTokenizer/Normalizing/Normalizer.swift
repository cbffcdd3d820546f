package import TinkerJSON

/// The `normalizer` of a `tokenizer.json`: text to text.
package struct Normalizer: Sendable {
  private var steps: [NormalizerStep] = []

  /// No normalizer.
  package init() {}

  /// Reads the `normalizer` field; `nil`, `null` and an empty sequence change nothing.
  ///
  /// - Throws: `TokenizerError` that names the field and its value, also for kinds that are not
  ///   supported.
  package init(json: JSONValue?) throws(TokenizerError) {
    guard let json, json != .null else { return }
    try Self.read(FieldValue(json, field: "normalizer"), into: &steps)
  }

  /// Whether no text is ever changed.
  package var isIdentity: Bool { steps.isEmpty }

  /// The normal form that is all there is to do, or `nil`.
  var onlyForm: NormalForm? {
    guard steps.count == 1, case .form(let form) = steps[0] else { return nil }
    return form
  }

  /// The normalized text, or `nil` if nothing has to be changed. Nothing is copied then.
  package func normalize(_ text: Span<UInt8>) -> [UInt8]? {
    guard let first = steps.firstIndex(where: { !$0.keeps(text) }) else { return nil }
    var result = AlignedText(text, tracked: false)
    normalize(&result, from: first)
    return result.bytes
  }

  /// Normalizes text, and keeps its places if it has them.
  package func normalize(_ text: inout AlignedText) {
    normalize(&text, from: 0)
  }

  private func normalize(_ text: inout AlignedText, from first: Int) {
    for step in steps[first...] where !step.keeps(text.bytes.span) {
      text = step.apply(to: text)
    }
  }

  private static func read(
    _ field: FieldValue, into steps: inout [NormalizerStep]
  ) throws(TokenizerError) {
    let members = try field.object()
    let type = try members.required("type")
    switch try type.text().description {
    case "Sequence":
      for part in try members.required("normalizers").array() { try read(part, into: &steps) }
    case "NFC": steps.append(.form(.canonicalComposition))
    case "NFD": steps.append(.form(.canonicalDecomposition))
    case "NFKC": steps.append(.form(.compatibleComposition))
    case "NFKD": steps.append(.form(.compatibleDecomposition))
    case "Lowercase": steps.append(.lowercase)
    case "StripAccents": steps.append(.stripAccents)
    case "Strip":
      steps.append(
        .strip(
          left: try members.required("strip_left").bool(),
          right: try members.required("strip_right").bool()))
    case "Replace":
      steps.append(
        .replace(
          try TextPattern(members.required("pattern")),
          content: try members.required("content").text().bytes))
    case "Prepend": steps.append(.prepend(try members.required("prepend").text().bytes))
    default: throw type.unsupported
    }
  }
}
