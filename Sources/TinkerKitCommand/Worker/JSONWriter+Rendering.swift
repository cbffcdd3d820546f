import TinkerKit

/// The protocol's shapes of what a renderer makes.
extension JSONWriter {
  /// Token chunks as arrays of ids, images as `{"image":{…}}`.
  mutating func chunks(of tokens: some LaidOutTokens) {
    beginArray()
    for chunk in tokens.chunks {
      switch chunk {
      case .tokens(let ids): self.ids(ids)
      case .image(let image):
        beginObject()
        key("image")
        beginObject()
        key("format")
        string(image.format.rawValue)
        key("expected_tokens")
        integer(image.expectedTokens)
        key("width")
        integer(image.width)
        key("height")
        integer(image.height)
        endObject()
        endObject()
      case .imageAssetPointer, .audio: chunk.write(to: &self)
      }
    }
    endArray()
  }

  /// `{"chunks":…,"weights":[[weight,count],…]}`
  mutating func chunksAndWeights(of example: SupervisedExample) {
    beginObject()
    key("chunks")
    chunks(of: example)
    key("weights")
    beginArray()
    for run in example.weightRuns {
      beginArray()
      weight(run.weight)
      integer(run.count)
      endArray()
    }
    endArray()
    endObject()
  }

  /// The segments over the flat tokens.
  mutating func segments(of example: SupervisedExample) {
    beginArray()
    for segment in example.segments {
      beginObject()
      key("start")
      integer(segment.range.lowerBound)
      key("end")
      integer(segment.range.upperBound)
      key("message")
      if let message = segment.message { integer(message) } else { null() }
      key("kind")
      string(segment.kind.rawValue)
      key("weight")
      weight(segment.weight)
      key("sampled")
      bool(segment.isSampled)
      key("content")
      bool(segment.isContent)
      endObject()
    }
    endArray()
  }

  /// `"message":…,"termination":…,"failure":[kind,detail]?`
  mutating func members(of response: ParsedResponse) throws(RenderingError) {
    key("message")
    try response.message.write(to: &self)
    key("termination")
    string(response.termination.rawValue)
    if let failure = response.failure {
      key("failure")
      beginArray()
      string(failure.kind.rawValue)
      string(failure.detail)
      endArray()
    }
  }

  /// `"deltas":[[kind,…],…]`
  mutating func members(of deltas: [MessageDelta]) throws(RenderingError) {
    key("deltas")
    beginArray()
    for delta in deltas { try self.delta(delta) }
    endArray()
  }

  /// The ids or the strings at which a sampler stops.
  mutating func stopSequences(_ sequences: StopSequences) {
    beginArray()
    switch sequences {
    case .tokens(let ids): for id in ids { integer(Int(id)) }
    case .strings(let texts): for text in texts { string(text) }
    }
    endArray()
  }

  /// A delta as an array that begins with its kind.
  private mutating func delta(_ delta: MessageDelta) throws(RenderingError) {
    beginArray()
    switch delta {
    case .header(let role):
      string("header")
      string(role)
    case .text(let text, let index):
      string("text")
      string(text)
      integer(index)
    case .thinking(let text, let index):
      string("thinking")
      string(text)
      integer(index)
    case .message(let message):
      string("message")
      try message.write(to: &self)
    }
    endArray()
  }

  /// Whole weights without a point.
  private mutating func weight(_ weight: Float) {
    if let whole = Int(exactly: weight) { integer(whole) } else { double(Double(weight)) }
  }
}
