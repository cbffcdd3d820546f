import TinkerTokenizer

/// Whether a system that passes text on instead of tokens would see the same tokens.
enum RetokenizeRule {
  static func check(_ audited: AuditedExample, encoder: Encoder, _ list: inout FindingList) {
    let example = audited.example
    guard list.wants(.retokenizes), example.images.isEmpty else { return }
    var again: [UInt32] = []
    again.reserveCapacity(example.tokens.count)
    encoder.append(audited.context.renderer.tokenizer.decode(example.tokens), to: &again)
    if again == example.tokens { return }
    let place = zip(again, example.tokens).prefix { $0 == $1 }.reduce(0) { count, _ in count + 1 }
    let message = example.segments.first { $0.range.contains(place) }?.message
    list.add(
      .retokenizes,
      "the text encodes into other tokens from here on: \(audited.context.quoted(again.dropFirst(place))) "
        + "in pieces of \(pieces(again, place, audited)), not \(pieces(example.tokens, place, audited))",
      at: audited.place(
        message: message, tokens: place..<min(place + 1, example.tokens.count)))
  }

  private static func pieces(_ tokens: [UInt32], _ place: Int, _ audited: AuditedExample) -> String
  {
    let tokenizer = audited.context.renderer.tokenizer
    let texts = tokens.dropFirst(place).prefix(3).map {
      AuditContext.quoted(tokenizer.decode([$0]))
    }
    return texts.isEmpty ? "nothing" : texts.joined(separator: " ")
  }
}
