import Testing
import TinkerData
import TinkerJSON
import TinkerRendering

@Suite struct ExampleWriterTests {
  private let conversation = Conversation(messages: [], id: "é")

  /// Made-up examples: chunks of several segments, empty ones, images anywhere, any weights.
  private func example(_ random: inout SplitMix) -> SupervisedExample {
    var tokens: [UInt32] = []
    var segments: [Segment] = []
    var images: [ImageChunk] = []
    for index in 0..<Int.random(in: 1...8, using: &random) {
      let start = tokens.count
      let isImage = Int.random(in: 0..<5, using: &random) == 0
      let count = Int.random(in: isImage ? 1...3 : 0...4, using: &random)
      for _ in 0..<count {
        let bits = UInt32.random(in: 0...31, using: &random)
        tokens.append(isImage ? 0 : UInt32(truncatingIfNeeded: random.next()) >> bits)
      }
      if isImage {
        images.append(
          ImageChunk(
            data: [UInt8(index)], format: .png, expectedTokens: count, width: 1, height: 1))
      }
      let startsChunk =
        isImage || segments.last?.kind == .image || segments.isEmpty || Bool.random(using: &random)
      segments.append(
        Segment(
          range: start..<tokens.count, message: index == 0 ? nil : index,
          kind: isImage ? .image : .content,
          weight: [0, 1, 0.25].randomElement(using: &random) ?? 0, startsChunk: startsChunk))
    }
    return SupervisedExample(tokens: tokens, segments: segments, images: images)
  }

  private func line(
    _ example: SupervisedExample, _ format: ExampleFormat
  ) throws(RenderingError) -> String {
    var out = Array("before".utf8)
    do throws(RenderingError) {
      try ExampleWriter(format: format).append(example, of: conversation, to: &out)
    } catch {
      #expect(out == Array("before".utf8), "an error leaves the buffer as it was")
      throw error
    }
    return String(decoding: out.dropFirst(6), as: UTF8.self)
  }

  @Test func writesTheDatum() throws {
    var random = SplitMix(seed: 7)
    var written = 0
    for _ in 0..<2000 {
      let example = example(&random)
      guard let datum = try? example.datum() else {
        #expect(throws: RenderingError.self) { try line(example, .datum) }
        continue
      }
      var writer = JSONWriter(style: .compact)
      datum.write(to: &writer)
      let expected = String(decoding: writer.bytes, as: UTF8.self) + "\n"
      let found = try line(example, .datum)
      guard found == expected else {
        Issue.record("\(found) instead of \(expected)")
        return
      }
      written += 1
    }
    #expect(written > 1500)
  }

  /// The shift loses the weight of the first token and of images at the end, and nothing else; no
  /// weight becomes 0 or 1 on the way.
  @Test func keepsTheSumOfWeights() throws {
    var random = SplitMix(seed: 17)
    for _ in 0..<500 {
      let example = example(&random)
      guard let json = try? JSONValue.parse(try line(example, .datum)) else { continue }
      let shifted = (json["loss_fn_inputs"]?["weights"]?["data"]?.array ?? []).compactMap(\.double)
      let end = shifted.count + 1
      let kept = example.weights.prefix(end).dropFirst().map { Double($0) }
      #expect(shifted == kept)
      #expect(shifted.reduce(0, +) == kept.reduce(0, +))
      let tail = example.segments.filter { $0.range.lowerBound >= end && !$0.range.isEmpty }
      #expect(tail.allSatisfy { $0.kind == .image })
      let rows = example.rowWeights.flatMap { Array(repeating: $0.weight, count: $0.count) }
      #expect(rows.dropFirst().elementsEqual(example.weights.dropFirst()))
    }
  }

  @Test func writesTokensWeightsAndSegments() throws {
    var random = SplitMix(seed: 8)
    for _ in 0..<200 {
      let example = example(&random)
      let json = try JSONValue.parse(try line(example, .tokens))
      #expect(json["id"] == "é")
      let weights = json["weights"]?.array ?? []
      #expect(weights.compactMap(\.double) == example.weights.map(Double.init))
      let tokens = json["tokens"]?.array ?? []
      let length = tokens.reduce(0) { $0 + ($1["expected_tokens"]?.int ?? 1) }
      #expect(length == example.tokens.count, "an image stands once, with its count")
      let segments = json["segments"]?.array ?? []
      #expect(segments.count == example.segments.count { !$0.range.isEmpty })
    }
  }

  @Test func writesLabels() throws {
    let example = SupervisedExample(
      tokens: [5, 6, 4_294_967_295],
      segments: [
        Segment(range: 0..<1, message: nil, kind: .bos),
        Segment(range: 1..<3, message: 0, kind: .content, weight: 1),
      ])
    #expect(
      try line(example, .hf) == """
        {"input_ids":[5,6,4294967295],"labels":[-100,6,4294967295],"attention_mask":[1,1,1]}

        """)
  }

  /// A row is its examples one after the other, and says where each is.
  @Test func writesRows() throws {
    var random = SplitMix(seed: 9)
    for _ in 0..<200 {
      let row = (0..<Int.random(in: 1...4, using: &random)).map { number in
        PackedExample(example(&random), id: number == 1 ? nil : .number(.integer(number)))
      }.filter { !$0.example.tokens.isEmpty && $0.example.images.isEmpty }
      if row.isEmpty { continue }
      var out = Array("before".utf8)
      try ExampleWriter(format: .tokens).append(row: row, to: &out)
      let json = try JSONValue.parse(String(decoding: out.dropFirst(6), as: UTF8.self))
      #expect(
        (json["tokens"]?.array ?? []).compactMap(\.int)
          == row.flatMap { $0.example.tokens.map { Int($0) } })
      // The first weight of an example is 0, as nothing in the row predicts it.
      let weights: [Double] = row.flatMap { item -> [Double] in
        [0] + item.example.weights.dropFirst().map { Double($0) }
      }
      #expect((json["weights"]?.array ?? []).compactMap(\.double) == weights)
      let positions = row.flatMap { Array($0.example.tokens.indices) }
      #expect((json["positions"]?.array ?? []).compactMap(\.int) == positions)
      let parts = json["examples"]?.array ?? []
      #expect(parts.compactMap { $0["id"] } == row.compactMap(\.id))
      var end = 0
      for (part, item) in zip(parts, row) {
        #expect(part["start"]?.int == end)
        end += item.example.tokens.count
        #expect(part["end"]?.int == end)
        #expect(
          part["segments"]?.array?.count == item.example.segments.count { !$0.range.isEmpty })
      }
      #expect(parts.count == row.count)
    }
  }

  @Test func writesRowsOfLabels() throws {
    func example(_ tokens: [UInt32], weight: Float) -> PackedExample {
      PackedExample(
        SupervisedExample(
          tokens: tokens,
          segments: [
            Segment(range: 0..<tokens.count, message: 0, kind: .content, weight: weight)
          ]))
    }
    let row = [
      example([5, 6, 7], weight: 1), example([8, 9], weight: 0), example([3], weight: 1),
    ]
    var out: [UInt8] = []
    try ExampleWriter(format: .hf).append(row: row, to: &out)
    #expect(
      String(decoding: out, as: UTF8.self) == """
        {"input_ids":[5,6,7,8,9,3],"labels":[-100,6,7,-100,-100,-100],\
        "attention_mask":[1,1,1,1,1,1],"position_ids":[0,1,2,0,1,0],"seq_lengths":[3,2,1]}

        """)
    let before = out
    #expect(
      Fixture.error { try ExampleWriter(format: .datum).append(row: row, to: &out) }?.kind
        == .unsupported)
    #expect(
      Fixture.error {
        try ExampleWriter(format: .hf).append(row: [example([1, 2], weight: 0.5)], to: &out)
      }?.kind == .unsupported)
    #expect(out == before)
  }

  @Test func refusesWhatLabelsCannotSay() throws {
    let fraction = SupervisedExample(
      tokens: [5, 6],
      segments: [Segment(range: 0..<2, message: 0, kind: .content, weight: 0.5)])
    let error = Fixture.error { _ = try line(fraction, .hf) }
    #expect(error?.message.contains("position 0 has 0.5; use datum or tokens") == true)
    let image = SupervisedExample(
      tokens: [0], segments: [Segment(range: 0..<1, message: 0, kind: .image)],
      images: [ImageChunk(data: [], format: .png, expectedTokens: 1, width: 1, height: 1)])
    #expect(Fixture.error { _ = try line(image, .hf) }?.kind == .unsupported)
  }
}

/// A generator that gives the same numbers everywhere.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
