public import TinkerJSON
public import TinkerTokenizer

extension DiffToken {
  /// The tokens of a line that `render` has written: `--format tokens`, `hf` or `datum`.
  ///
  /// - Parameters:
  ///   - line: The line as JSON.
  ///   - tokenizer: For the text of tokens; without one, a token's text is its id.
  /// - Returns: The tokens with their weights.
  /// - Throws: `RenderingError` for a line of none of these forms, and for lists that do not fit.
  public static func tokens(
    rendered line: JSONValue, tokenizer: Tokenizer?
  ) throws(RenderingError) -> [DiffToken] {
    var ids: [JSONValue]
    var weights: [Float]
    if let tokens = line["tokens"]?.array {
      ids = tokens
      weights = try numbers(line["weights"], "weights")
    } else if let tokens = line["input_ids"]?.array {
      ids = tokens
      weights = try numbers(line["labels"], "labels").map { $0 == -100 ? 0 : 1 }
    } else if let inputs = line["loss_fn_inputs"] {
      // The first token predicts the second: it is no target itself.
      let first = line["model_input"]?["chunks"]?.array?.first?["tokens"]?.array?.first
      ids = (first.map { [$0] } ?? []) + (inputs["target_tokens"]?["data"]?.array ?? [])
      weights = [0] + (try numbers(inputs["weights"]?["data"], "loss_fn_inputs.weights.data"))
    } else {
      throw RenderingError(
        .request, "a rendered line has the key tokens, input_ids or loss_fn_inputs")
    }
    guard ids.count == weights.count else {
      throw RenderingError(.request, "there are \(ids.count) tokens and \(weights.count) weights")
    }
    let segments = line["segments"]?.array ?? []
    let messages = Self.messages(segments, count: ids.count)
    var out: [DiffToken] = []
    for (index, value) in ids.enumerated() {
      guard let id = value.int.flatMap({ UInt32(exactly: $0) }) else {
        throw RenderingError(.request, "the token \(index) is no id")
      }
      let bytes = tokenizer?.decodeBytes([id]) ?? Array((index > 0 ? " \(id)" : "\(id)").utf8)
      out.append(
        DiffToken(
          id: id, bytes: bytes, weight: weights[index], message: messages[index]))
    }
    return out
  }

  private static func numbers(
    _ value: JSONValue?, _ name: String
  ) throws(RenderingError) -> [Float] {
    guard let items = value?.array else { throw .missing(name) }
    return items.map { Float($0.double ?? .nan) }
  }

  /// The message of each token, from rows of start, end, message, kind and weight.
  private static func messages(_ segments: [JSONValue], count: Int) -> [Int?] {
    var out: [Int?] = Array(repeating: nil, count: count)
    for segment in segments {
      guard let row = segment.array, row.count > 2, let start = row[0].int, let end = row[1].int,
        start >= 0, start <= end, end <= count
      else { continue }
      for index in start..<end { out[index] = row[2].int }
    }
    return out
  }
}
