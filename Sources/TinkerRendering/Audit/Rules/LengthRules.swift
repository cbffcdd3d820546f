/// What a limit on the length would do to an example.
enum LengthRules {
  static func check(_ audited: AuditedExample, limit: Int?, _ list: inout FindingList) {
    let example = audited.example
    guard let limit, example.tokens.count > limit else { return }
    list.add(
      .tooLong, "the example has \(example.tokens.count) tokens, and the limit is \(limit)",
      at: audited.place(tokens: limit..<example.tokens.count))
    var lost = 0
    var lastMessage: Int?
    for segment in example.segments where segment.weight > 0 && segment.range.upperBound > limit {
      lost += segment.range.upperBound - max(segment.range.lowerBound, limit)
      lastMessage = lastMessage ?? segment.message
    }
    if lost > 0 {
      list.add(
        .truncatedTarget, "the limit of \(limit) cuts \(lost) trained tokens off",
        at: audited.place(message: lastMessage, tokens: limit..<example.tokens.count))
    }
    for segment in example.segments
    where segment.kind == .image && segment.range.lowerBound < limit
      && segment.range.upperBound > limit
    {
      list.add(
        .cutImage,
        "the limit of \(limit) falls inside an image of \(segment.range.count) tokens",
        at: audited.place(message: segment.message, tokens: segment.range))
    }
  }
}
