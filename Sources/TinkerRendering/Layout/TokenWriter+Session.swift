/// What the session does around the families.
extension TokenWriter {
  /// Starts a sequence in the memory of an earlier one.
  mutating func begin(_ purpose: Purpose, reusing prompt: inout RenderedPrompt) {
    reset(purpose)
    swap(&tokens, &prompt.tokens)
    swap(&segments, &prompt.segments)
    swap(&chunkImages, &prompt.images)
    clear()
  }

  /// Starts a sequence in the memory of an earlier one.
  mutating func begin(_ purpose: Purpose, reusing example: inout SupervisedExample) {
    reset(purpose)
    swap(&tokens, &example.tokens)
    swap(&segments, &example.segments)
    swap(&chunkImages, &example.images)
    clear()
  }

  /// Gives the sequence away.
  mutating func end(_ prompt: inout RenderedPrompt) {
    swap(&tokens, &prompt.tokens)
    swap(&segments, &prompt.segments)
    swap(&chunkImages, &prompt.images)
  }

  /// Gives the sequence away.
  mutating func end(_ example: inout SupervisedExample) {
    swap(&tokens, &example.tokens)
    swap(&segments, &example.segments)
    swap(&chunkImages, &example.images)
  }

  /// Starts a message of an example.
  mutating func beginMessage(
    _ message: Int?, headerWeight: Float, outputWeight: Float, role: String, isLast: Bool
  ) {
    self.message = message
    self.headerWeight = headerWeight
    self.outputWeight = outputWeight
    isAnswer = role == Role.assistant
    isForeign = role == Role.user || role == Role.tool
    self.isLast = isLast
    messageStart = segments.count
  }

  /// Appends text that the answer begins with.
  mutating func prefill(_ text: String) {
    if text.isEmpty { return }
    piece(Substring(text), .prefill, isContent: true)
    endChunk()
  }

  /// Marks the beginning of the last message's output as not sampled, if the prompt gives it.
  mutating func markOpening(_ opening: [UInt32]) {
    if opening.isEmpty { return }
    guard let first = segments[messageStart...].firstIndex(where: { $0.kind != .header }) else {
      return
    }
    let start = segments[first].range.lowerBound
    guard tokens[start...].starts(with: opening) else { return }
    let end = start + opening.count
    segments.split(at: end)
    var index = first
    while index < segments.count, segments[index].range.upperBound <= end {
      segments[index].isSampled = false
      index += 1
    }
  }

  private mutating func reset(_ purpose: Purpose) {
    self.purpose = purpose
    message = nil
    headerWeight = 0
    outputWeight = 0
    isAnswer = false
    isForeign = false
    isLast = false
    messageStart = 0
    leavesChunkOpen = false
    dropPieces()
  }

  private mutating func clear() {
    tokens.removeAll(keepingCapacity: true)
    segments.removeAll(keepingCapacity: true)
    chunkImages.removeAll(keepingCapacity: true)
  }
}

extension [Segment] {
  /// Splits the segment that a position lies inside of.
  mutating func split(at position: Int) {
    guard
      let index = firstIndex(where: {
        $0.range.lowerBound < position && position < $0.range.upperBound
      })
    else { return }
    var tail = self[index]
    tail.range = position..<tail.range.upperBound
    tail.startsChunk = false
    self[index].range = self[index].range.lowerBound..<position
    insert(tail, at: index + 1)
  }
}

extension SupervisedExample {
  /// Takes the weight from all tokens before a position.
  mutating func removeWeight(before position: Int) {
    segments.split(at: position)
    for index in segments.indices where segments[index].range.lowerBound < position {
      segments[index].weight = 0
    }
  }
}
