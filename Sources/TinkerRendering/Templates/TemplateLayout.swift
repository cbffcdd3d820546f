import TinkerTemplate

/// Finds in a template's output what each message says.
struct TemplateLayout {
  private let family: TemplateFamily
  private let conversation: TemplateConversation
  private let output: RenderedTemplate
  private let fields: [(bytes: Range<Int>, path: String?, message: Int?)]

  init(
    _ family: TemplateFamily, _ conversation: TemplateConversation, first count: Int = .max,
    addsPrompt: Bool
  ) throws(RenderingError) {
    self.family = family
    self.conversation = conversation
    output = try family.rendered(conversation, first: count, addsPrompt: addsPrompt)
    fields = output.fields
  }

  /// The output in pieces.
  func layout() throws(RenderingError) -> WholeLayout {
    let ranges = try conversation.messages.indices.map { index throws(RenderingError) in
      try outputRange(of: index)
    }
    var layout = WholeLayout()
    for field in fields { append(field, ranges, to: &layout) }
    return layout
  }

  /// The output up to the end of what a message says.
  func bytes(throughMessage index: Int) throws(RenderingError) -> ArraySlice<UInt8> {
    output.bytes[..<(try outputRange(of: index)).upperBound]
  }

  // MARK: What a message says

  /// The bytes that a message says: for an answer, what the model would have sampled.
  private func outputRange(of index: Int) throws(RenderingError) -> Range<Int> {
    let own = fields.filter { $0.message == index }
    guard let first = own.first, let last = own.last else { return 0..<0 }
    let region = first.bytes.lowerBound..<last.bytes.upperBound
    let content = own.filter { $0.path.map { Self.isContent($0, of: index) } ?? false }
    let isAnswer = conversation.roles[index] == Role.assistant
    let start =
      isAnswer
      ? answerStart(of: index, region, content.first?.bytes.lowerBound)
      : content.first?.bytes.lowerBound ?? region.upperBound
    let end = outputEnd(region, behind: max(start, content.last?.bytes.upperBound ?? start))
    return min(start, end)..<end
  }

  /// Whether a value of the message is said; its role leads to it.
  private static func isContent(_ path: String, of index: Int) -> Bool {
    path != "messages[\(index)].role"
  }

  /// Where an answer goes on behind what its prompt gives.
  private func answerStart(of index: Int, _ region: Range<Int>, _ content: Int?) -> Int {
    let fallback = content ?? region.upperBound
    guard let prompt = try? family.rendered(conversation, first: index, addsPrompt: true) else {
      return fallback
    }
    if output.bytes.starts(with: prompt.bytes) { return prompt.bytes.count }
    // Earlier messages look different in the prompt; its end is what leads to the answer all the same.
    guard let before = try? family.rendered(conversation, first: index, addsPrompt: false),
      prompt.bytes.starts(with: before.bytes)
    else { return fallback }
    let suffix = prompt.bytes[before.bytes.count...]
    let text = output.bytes[region.lowerBound..<max(fallback, region.lowerBound)]
    var count = zip(text, suffix).prefix { $0 == $1 }.count
    while count > 0, region.lowerBound + count < output.bytes.count,
      output.bytes[region.lowerBound + count] & 0xC0 == 0x80
    {
      count -= 1
    }
    return count == 0 ? fallback : region.lowerBound + count
  }

  /// Where a message ends: behind its stop, which may stand at the beginning of what follows.
  private func outputEnd(_ region: Range<Int>, behind start: Int) -> Int {
    let limit = max(region.upperBound, start)
    var best: Int?
    for stop in family.stops {
      let span = output.bytes.span
      if let place = ByteSearch.first(stop.utf8.span, in: span, from: start),
        place < limit || place == region.upperBound
      {
        best = min(best ?? .max, place + stop.utf8.count)
      }
    }
    if let best { return best }
    var end = limit
    while end > start, [0x20, 0x0A].contains(output.bytes[end - 1]) { end -= 1 }
    return end
  }

  // MARK: Pieces

  private func append(
    _ field: (bytes: Range<Int>, path: String?, message: Int?), _ ranges: [Range<Int>],
    to layout: inout WholeLayout
  ) {
    var cuts = [field.bytes.lowerBound, field.bytes.upperBound]
    for range in ranges { cuts += [range.lowerBound, range.upperBound, stopStart(in: range)] }
    for range in output.generations { cuts += [range.lowerBound, range.upperBound] }
    let inside = Set(cuts.filter { field.bytes.contains($0) || $0 == field.bytes.upperBound })
    let places = inside.sorted()
    for (low, high) in zip(places, places.dropFirst()) {
      let owner = ranges.firstIndex { $0.lowerBound <= low && high <= $0.upperBound }
      layout.append(piece(low..<high, field.path, owner ?? field.message, ranges, owner != nil))
    }
  }

  /// Where the stop of a message begins in what it says.
  private func stopStart(in range: Range<Int>) -> Int {
    for stop in family.stops where range.count >= stop.utf8.count {
      let start = range.upperBound - stop.utf8.count
      if output.bytes[start..<range.upperBound].elementsEqual(stop.utf8) { return start }
    }
    return range.upperBound
  }

  private func piece(
    _ bytes: Range<Int>, _ path: String?, _ index: Int?, _ ranges: [Range<Int>], _ isInside: Bool
  ) -> WholeLayout.Piece {
    let text = String(decoding: output.bytes[bytes], as: UTF8.self)
    let isTool = path?.utf8.starts(with: "tools[".utf8) == true
    let source = isTool ? conversation.declaration : index.flatMap { conversation.sources[$0] }
    let role = index.map { conversation.roles[$0] }
    let isAnswer = role == Role.assistant
    var isOutput = isInside
    if isAnswer, family.program.template.hasGenerationMarkers {
      isOutput = output.generations.contains {
        $0.lowerBound <= bytes.lowerBound && bytes.upperBound <= $0.upperBound
      }
    }
    let isContent = path.map { $0 != "messages[\(index ?? -1)].role" && !isVariable($0) } ?? false
    return WholeLayout.Piece(
      text: text, message: source, kind: kind(bytes, path, index, ranges, isInside, text),
      isContent: isContent, isOutput: isOutput, isAnswer: isAnswer,
      isForeign: role == Role.user || role == Role.tool || isTool)
  }

  /// Whether a value is no part of the conversation, but for example a special token.
  private func isVariable(_ path: String) -> Bool {
    !path.utf8.starts(with: "messages[".utf8) && !path.utf8.starts(with: "tools".utf8)
  }

  private func kind(
    _ bytes: Range<Int>, _ path: String?, _ index: Int?, _ ranges: [Range<Int>], _ isInside: Bool,
    _ text: String
  ) -> SegmentKind {
    guard let index else {
      return bytes.lowerBound == 0 && family.isBeginning(text) ? .bos : .framing
    }
    if !isInside {
      return bytes.lowerBound < ranges[index].lowerBound ? .header : .framing
    }
    if bytes.lowerBound >= stopStart(in: ranges[index]) { return .stop }
    guard let path, !isVariable(path) else { return .framing }
    if path.utf8.starts(with: "messages[\(index)].tool_calls".utf8) { return .toolCall }
    if case .key(let key) = family.form.reasoning, path == "messages[\(index)].\(key)" {
      return .thinking
    }
    return .content
  }
}

extension WholeLayout {
  /// Gives the end of a prompt, which belongs to no message yet, to the one that is asked for, and
  /// appends what its answer begins with.
  mutating func ask(_ message: Int, prefill: String?) {
    if let last = pieces.last, last.message == nil, last.kind != .bos {
      pieces[pieces.count - 1].message = message
      pieces[pieces.count - 1].kind = .header
    }
    if let prefill, !prefill.isEmpty {
      pieces.append(
        Piece(
          text: prefill, message: message, kind: .prefill, isContent: true, isOutput: false,
          isAnswer: true, isForeign: false))
    }
  }
}
