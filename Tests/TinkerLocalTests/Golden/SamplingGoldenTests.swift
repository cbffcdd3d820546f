import Testing
import TinkerData
import TinkerJSON
import TinkerLocal

@Suite struct SamplingGoldenTests {
  @Test(.enabled(if: Shared.isPresent, Shared.reason))
  func filtersAndSequences() throws {
    let compute = Compute()
    var differences = Differences()
    var kinds: [String: Int] = [:]
    for (number, row) in try Shared.rows("sampling.jsonl").enumerated() {
      let kind = row[at: "kind"].text ?? ""
      kinds[kind, default: 0] += 1
      let choice = TokenChoice(
        temperature: row[at: "temperature"].double ?? 0, topK: row[at: "top_k"].int ?? -1,
        topP: row[at: "top_p"].double ?? 1)
      if kind == "filter" {
        let logits = row[at: "logits"].doubles.map { Float($0) }
        let kept = choice.kept(logits, NativeKernel())
        let theirs = row[at: "kept"].array ?? []
        if kept.map(\.token) != theirs.map({ $0.array?[0].int ?? -1 }) {
          differences.note("row \(number): kept \(kept)")
        }
        for (mine, pair) in zip(kept, theirs) {
          differences.compare(
            mine.probability, pair.array?[1].double ?? .nan, tolerance: 1e-5, "row \(number)")
        }
        continue
      }
      let model = try GoldenModel(row[at: "model"].text ?? "", adapter: row[at: "adapter"].text)
      let pass = model.pass(compute)
      let index = row[at: "sample_index"].int ?? 0
      let prompt = row[at: "prompt"].tokens
      let request = SampleRequest(
        prompt: ModelInput(tokens: prompt), numSamples: index + 1,
        params: SamplingParams(
          maxTokens: row[at: "max_tokens"].int, seed: UInt64(row[at: "seed"].int ?? 0),
          stop: .tokens(row[at: "stop"].tokens), temperature: choice.temperature,
          topK: choice.topK, topP: choice.topP))
      let sequence = try Self.run(request, prompt, pass).sequences[index]
      if sequence.tokens != row[at: "tokens"].tokens {
        differences.note("row \(number): \(sequence.tokens), not \(row[at: "tokens"].tokens)")
      }
      if sequence.stopReason.rawValue != row[at: "stop_reason"].text {
        differences.note("row \(number): \(sequence.stopReason)")
      }
      differences.compare(
        sequence.logprobs ?? [], row[at: "logprobs"].doubles, tolerance: 1e-4, "row \(number)")
    }
    #expect(differences.first.isEmpty, "\(differences.first)")
    #expect(kinds.keys.sorted() == ["filter", "greedy", "seeded"])
    #expect(kinds.values.allSatisfy { $0 >= 9 })
  }

  /// Runs a request to its end on its own.
  static func run(_ request: SampleRequest, _ prompt: [UInt32], _ pass: DecoderPass) throws
    -> SampleResponse
  {
    let generation = try Generation(
      request, prompt: TokenSequence(prompt), pass: pass, tokenizer: nil)
    while !generation.isFinished {
      let live = generation.sequences.filter { $0.next != nil }
      let block = pass.decode(live.compactMap(\.next))
      for (row, sequence) in live.enumerated() {
        generation.take(block, row: row, for: sequence)
      }
    }
    return generation.finish()
  }

  @Test(.enabled(if: Shared.isPresent, Shared.reason))
  func randomStreams() throws {
    var streams = 0
    for row in try Shared.rows("rng.jsonl") {
      let seed = UInt64(row[at: "seed"].text ?? "") ?? 0
      let name = row[at: "name"].text ?? ""
      if row[at: "kind"].text == "stream" {
        var stream = RandomStream(seed: seed, name: name)
        #expect((0..<4).map { _ in String(stream.next()) } == row[at: "next"].array?.map(\.text))
        stream = RandomStream(seed: seed, name: name)
        #expect((0..<4).map { _ in stream.uniform() } == row[at: "uniform"].doubles)
        stream = RandomStream(seed: seed, name: name)
        #expect((0..<4).map { _ in stream.gauss() } == row[at: "gauss"].doubles)
        streams += 1
        continue
      }
      let shape = row[at: "shape"].ints
      let matrix = Matrix(rows: shape[0], columns: shape[1])
      if row[at: "kind"].text == "lora_A" {
        matrix.fillUniform(seed: seed, name: name, bound: 1 / Double(shape[1]).squareRoot())
      } else {
        matrix.fillGauss(seed: seed, name: name, deviation: row[at: "std"].double ?? .nan)
      }
      let first = matrix.values.prefix(6)
      #expect(
        zip(first, row[at: "first"].doubles).allSatisfy { abs(Double($0) - $1) < 1e-8 }, "\(name)")
      #expect(
        abs(matrix.values.reduce(0) { $0 + Double($1) } - (row[at: "sum"].double ?? .nan)) < 1e-9)
      #expect(
        abs(
          matrix.values.reduce(0) { $0 + Double($1) * Double($1) }
            - (row[at: "sum_sq"].double ?? .nan)) < 1e-9)
      streams += 1
    }
    #expect(streams == 9)
  }
}
