import TinkerData
import TinkerJSON

/// Writes examples as lines of JSON, straight into a byte buffer.
///
/// A line of thousands of numbers is most of what a program that renders has to write, so no tree
/// and no arrays are made on the way.
public struct ExampleWriter: Sendable {
  /// The form of the lines.
  public let format: ExampleFormat

  /// A writer of one form.
  public init(format: ExampleFormat) {
    self.format = format
  }

  /// Appends one line with its line feed. After an error the buffer is as it was.
  ///
  /// - Parameters:
  ///   - example: What is written.
  ///   - conversation: Where it comes from: for its id and the members that it carries.
  ///   - out: The buffer.
  /// - Throws: `RenderingError` where the format has no place for what the example holds.
  public func append(
    _ example: SupervisedExample, of conversation: Conversation, to out: inout [UInt8]
  ) throws(RenderingError) {
    let start = out.count
    do throws(RenderingError) {
      switch format {
      case .datum: try appendDatum(example, to: &out)
      case .tokens: appendTokens(example, id: conversation.id, to: &out)
      case .hf: try appendLabels(example, to: &out)
      }
      try appendOthers(conversation, to: &out)
    } catch {
      out.removeSubrange(start...)
      throw error
    }
    out.append(contentsOf: "}\n".utf8)
  }

  /// Whether the format has a place for all that an example holds.
  ///
  /// - Throws: `RenderingError` that says what has none.
  public func check(_ example: SupervisedExample) throws(RenderingError) {
    switch format {
    case .hf: try checkLabels(of: example)
    case .datum: _ = try NextTokenShift(example)
    case .tokens: break
    }
  }

  /// The keys that a line of this format has of its own.
  private var ownKeys: [String] {
    switch format {
    case .datum: ["model_input", "loss_fn_inputs"]
    case .tokens: ["id", "tokens", "weights", "segments"]
    case .hf: ["input_ids", "labels", "attention_mask"]
    }
  }

  private func appendDatum(
    _ example: SupervisedExample, to out: inout [UInt8]
  ) throws(RenderingError) {
    let shift = try NextTokenShift(example)
    out.append(contentsOf: #"{"model_input":{"chunks":["#.utf8)
    for (index, chunk) in shift.chunks.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      switch chunk {
      case .tokens(let range):
        out.append(contentsOf: #"{"type":"encoded_text","tokens":["#.utf8)
        out.appendList(of: example.tokens.span.extracting(range))
        out.append(contentsOf: "]}".utf8)
      case .image(let index): appendImage(example, index, to: &out)
      }
    }
    let count = String(shift.targets.count)
    out.append(contentsOf: #"]},"loss_fn_inputs":{"target_tokens":{"data":["#.utf8)
    out.appendList(of: example.tokens.span.extracting(shift.targets))
    out.append(contentsOf: #"],"dtype":"int64","shape":["#.utf8)
    out.append(contentsOf: count.utf8)
    out.append(contentsOf: #"]},"weights":{"data":["#.utf8)
    var isFirst = true
    for segment in example.segments {
      let range = segment.range.clamped(to: shift.targets)
      let text = Weights.float(segment.weight)
      out.appendRepeated(text, count: range.count, isFirst: &isFirst)
    }
    out.append(contentsOf: #"],"dtype":"float32","shape":["#.utf8)
    out.append(contentsOf: count.utf8)
    out.append(contentsOf: "]}}".utf8)
  }

  private func appendTokens(
    _ example: SupervisedExample, id: JSONValue?, to out: inout [UInt8]
  ) {
    out.append(UInt8(ascii: "{"))
    if let id {
      out.append(contentsOf: #""id":"#.utf8)
      out.append(contentsOf: id.serialized(.compact).utf8)
      out.append(UInt8(ascii: ","))
    }
    out.append(contentsOf: #""tokens":["#.utf8)
    appendTokenList(example, to: &out)
    out.append(contentsOf: #"],"weights":["#.utf8)
    var isFirst = true
    for segment in example.segments {
      let text = Weights.short(segment.weight)
      out.appendRepeated(text, count: segment.range.count, isFirst: &isFirst)
    }
    out.append(contentsOf: #"],"segments":["#.utf8)
    appendSegments(of: example, to: &out)
    out.append(UInt8(ascii: "]"))
  }

  /// Appends `[start,end,message,kind,weight]` for each segment, with commas between them.
  func appendSegments(of example: SupervisedExample, to out: inout [UInt8]) {
    var isFirst = true
    for segment in example.segments where !segment.range.isEmpty {
      let message = segment.message.map { String($0) } ?? "null"
      let kind = segment.kind.rawValue
      let weight = Weights.short(segment.weight)
      let range = segment.range
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
      out.append(
        contentsOf: "[\(range.lowerBound),\(range.upperBound),\(message),\"\(kind)\",\(weight)]"
          .utf8)
    }
  }

  /// The tokens; an image is a chunk in place of its positions.
  func appendTokenList(_ example: SupervisedExample, to out: inout [UInt8]) {
    if example.images.isEmpty {
      out.appendList(of: example.tokens.span)
    } else {
      appendTokensAndImages(example, to: &out)
    }
  }

  /// The tokens with each image as its chunk in place of its positions.
  private func appendTokensAndImages(_ example: SupervisedExample, to out: inout [UInt8]) {
    var image = 0
    var isFirst = true
    for segment in example.segments where !segment.range.isEmpty {
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
      if segment.kind == .image {
        appendImage(example, image, to: &out)
        image += 1
      } else {
        out.appendList(of: example.tokens.span.extracting(segment.range))
      }
    }
  }

  private func appendLabels(
    _ example: SupervisedExample, to out: inout [UInt8]
  ) throws(RenderingError) {
    try checkLabels(of: example)
    out.append(contentsOf: #"{"input_ids":["#.utf8)
    out.appendList(of: example.tokens.span)
    out.append(contentsOf: #"],"labels":["#.utf8)
    appendLabelList(example, isFirstTrained: true, to: &out)
    out.append(contentsOf: #"],"attention_mask":["#.utf8)
    var isFirst = true
    out.appendRepeated("1", count: example.tokens.count, isFirst: &isFirst)
    out.append(UInt8(ascii: "]"))
  }

  /// The format has no place for images, and labels are trained or not.
  func checkLabels(of example: SupervisedExample) throws(RenderingError) {
    guard example.images.isEmpty else {
      throw RenderingError(.unsupported, "the format hf has no place for images; use datum")
    }
    if let segment = example.segments.first(where: { $0.weight != 0 && $0.weight != 1 }) {
      throw RenderingError(
        .unsupported,
        "the format hf knows only the weights 0 and 1, and position \(segment.range.lowerBound) "
          + "has \(segment.weight); use datum or tokens")
    }
  }

  /// The labels: the tokens where they are trained, else -100.
  func appendLabelList(
    _ example: SupervisedExample, isFirstTrained: Bool, to out: inout [UInt8]
  ) {
    var isFirst = true
    var position = 0
    for (weight, count) in isFirstTrained ? example.weightRuns : example.rowWeights {
      if weight == 0 {
        out.appendRepeated("-100", count: count, isFirst: &isFirst)
      } else {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        isFirst = false
        out.appendList(of: example.tokens.span.extracting(position..<position + count))
      }
      position += count
    }
  }

  private func appendImage(_ example: SupervisedExample, _ index: Int, to out: inout [UInt8]) {
    guard index < example.images.count else { return }
    var writer = JSONWriter(style: .compact)
    ModelInputChunk.image(example.images[index]).write(to: &writer)
    out.append(contentsOf: writer.bytes)
  }

  private func appendOthers(
    _ conversation: Conversation, to out: inout [UInt8]
  ) throws(RenderingError) {
    if conversation.others.isEmpty { return }
    var writer = JSONWriter(style: .compact)
    for (key, value) in conversation.others {
      let name = key.description
      if ownKeys.contains(name) {
        throw RenderingError(
          .conversation, "the record has a key that the format \(format.rawValue) uses itself",
          at: name)
      }
      writer.reset()
      writer.key(key)
      writer.value(value)
      out.append(UInt8(ascii: ","))
      out.append(contentsOf: writer.bytes)
    }
  }
}
