import Testing
import TinkerData
import TinkerRendering

/// Datums of made-up examples; what is expected was printed by tinker-cookbook 0.6.1.
@Suite struct DatumTests {
  private let image = ImageChunk(
    data: [1], format: .png, expectedTokens: 3, width: 1, height: 1)

  /// An example of chunks: tokens, or an image for an empty list with `isImage`.
  private func example(_ chunks: [[UInt32]?], _ weights: [Float]) -> SupervisedExample {
    var tokens: [UInt32] = []
    var segments: [Segment] = []
    var images: [ImageChunk] = []
    for chunk in chunks {
      let start = tokens.count
      if let chunk { tokens += chunk } else { tokens += [0, 0, 0] }
      if chunk == nil { images.append(image) }
      if chunk == [] {
        segments.append(Segment(range: start..<start, message: 0, kind: .content))
      }
      for index in start..<tokens.count {
        if chunk == nil && index > start { break }
        segments.append(
          Segment(
            range: index..<(chunk == nil ? tokens.count : index + 1), message: 0,
            kind: chunk == nil ? .image : .content, weight: weights[index],
            startsChunk: index == start))
      }
    }
    return SupervisedExample(tokens: tokens, segments: segments, images: images)
  }

  private func check(
    _ example: SupervisedExample, maxLength: Int? = nil, reduction: WeightReduction = .none,
    chunks: [ModelInputChunk], targets: [Int64], weights: [Float]
  ) throws {
    let datum = try example.datum(maxLength: maxLength, reduction: reduction)
    #expect(datum.modelInput.chunks == chunks)
    #expect(datum.lossInput(named: "target_tokens") == TensorData(targets))
    #expect(datum.lossInput(named: "weights") == TensorData(weights))
    #expect(datum.lossInputs.map(\.name) == ["target_tokens", "weights"])
  }

  @Test func shiftsTokens() throws {
    try check(
      example([[1, 2], [], [3, 4]], [0, 0, 1, 1]), chunks: [.tokens([1, 2]), .tokens([3])],
      targets: [2, 3, 4], weights: [0, 1, 1])
    try check(
      example([[1, 2], [], [3]], [0, 0, 1]), chunks: [.tokens([1, 2])], targets: [2, 3],
      weights: [0, 1])
  }

  @Test func dropsImagesAtTheEnd() throws {
    for chunks in [[[1, 2], nil], [[1, 2], nil, nil], [[1, 2], nil, []]] as [[[UInt32]?]] {
      try check(
        example(chunks, [0, 1, 1, 1, 1, 1, 1, 1]), chunks: [.tokens([1])], targets: [2],
        weights: [1])
    }
    try check(
      example([[1, 2], nil, [5]], [0, 1, 1, 1, 1, 1]), chunks: [.tokens([1, 2]), .image(image)],
      targets: [2, 0, 0, 0, 5], weights: [1, 1, 1, 1, 1])
  }

  @Test func cutsTheSequence() throws {
    let text = example([[1, 2], [3, 4]], [0, 1, 1, 1])
    try check(text, maxLength: 2, chunks: [.tokens([1])], targets: [2], weights: [1])
    try check(text, maxLength: 3, chunks: [.tokens([1, 2])], targets: [2, 3], weights: [1, 1])
    let mixed = example([[1, 2], nil, [5, 6]], [0, 1, 1, 1, 1, 1, 1])
    for length in 2...5 {
      try check(mixed, maxLength: length, chunks: [.tokens([1])], targets: [2], weights: [1])
    }
    try check(
      mixed, maxLength: 6, chunks: [.tokens([1, 2]), .image(image)], targets: [2, 0, 0, 0, 5],
      weights: [1, 1, 1, 1, 1])
  }

  @Test func dividesWeightsByTheirSum() throws {
    let text = example([[1, 2], [3, 4]], [1, 1, 1, 1])
    try check(
      text, maxLength: 3, reduction: .mean, chunks: [.tokens([1, 2])], targets: [2, 3],
      weights: [0.5, 0.5])
    try check(
      example([[1, 2], [3, 4]], [0, 0, 0, 0]), reduction: .mean,
      chunks: [.tokens([1, 2]), .tokens([3])], targets: [2, 3, 4], weights: [0, 0, 0])
  }

  @Test func refusesLessThanTwoPositions() {
    for chunks in [[], [[1]], [nil], [[1], nil], [[], []]] as [[[UInt32]?]] {
      let made = example(chunks, [1, 1, 1, 1])
      #expect(Fixture.error { _ = try made.datum() }?.kind == .conversation)
    }
    let text = example([[1, 2]], [1, 1])
    for length in [-1, 0, 1] {
      #expect(Fixture.error { _ = try text.datum(maxLength: length) } != nil)
    }
  }
}
