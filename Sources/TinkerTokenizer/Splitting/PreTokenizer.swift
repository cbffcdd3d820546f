package import TinkerJSON

/// The `pre_tokenizer` of a `tokenizer.json`: text to pieces, none of which a token may cross.
package struct PreTokenizer: Sendable {
  private var plan = SplitPlan()

  /// No pre-tokenizer: a text is one piece.
  package init() {}

  /// Reads the `pre_tokenizer` field; `nil`, `null` and an empty sequence leave a text whole.
  ///
  /// - Throws: `TokenizerError` that names the field and its value, also for kinds that are not
  ///   supported.
  package init(json: JSONValue?) throws(TokenizerError) {
    guard let json, json != .null else { return }
    plan = try SplitPlan(FieldValue(json, field: "pre_tokenizer"))
  }

  /// Whether the last step is `ByteLevel`, so that the model works on bytes: each byte of a piece is
  /// one character of the byte alphabet.
  package var endsInByteLevel: Bool { plan.endsInByteLevel }

  /// Whether a space is put before pieces that have none. Then use ``split(adding:into:)``.
  package var addsPrefixSpace: Bool { plan.addsPrefixSpace }

  /// Splits a text into pieces. Empty pieces are left out, and no space is put in.
  ///
  /// - Parameters:
  ///   - text: UTF-8 text of less than 4 GiB; its end counts as the end of the text for look-ahead.
  ///   - pieces: takes the pieces; what was in it is gone.
  package func split(_ text: Span<UInt8>, into pieces: inout PieceBuffer) {
    if let scheme = plan.onlyScheme {
      pieces.removeAll()
      scheme.split(text, into: &pieces)
    } else {
      pieces.set(plan.split(text))
    }
  }

  /// Splits a text that may still have to be normalized, if one scan can do both.
  ///
  /// - Returns: whether the text surely has a normal form, so that the pieces are those of the normalized
  ///   text; `nil` if it was not split.
  func split(
    _ text: Span<UInt8>, into pieces: inout PieceBuffer, ifIn form: NormalForm
  ) -> Bool? {
    guard let scheme = plan.onlyScheme, scheme.looksAtNormalForms, !addsPrefixSpace else {
      return nil
    }
    pieces.removeAll()
    return scheme.split(text, into: &pieces) & form.mask == 0 || form.firstChange(in: text) == nil
  }

  /// Splits a text into pieces and puts a space before those that have none, if that is asked for.
  ///
  /// - Parameters:
  ///   - text: the text, with or without places; it is changed where a space is put in.
  ///   - pieces: takes the pieces, as ranges of the changed text.
  package func split(adding text: inout AlignedText, into pieces: inout PieceBuffer) {
    guard plan.addsPrefixSpace else { return split(text.bytes.span, into: &pieces) }
    pieces.set(plan.splitAddingSpaces(&text))
  }
}
