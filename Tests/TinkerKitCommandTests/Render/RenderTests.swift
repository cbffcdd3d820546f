import Foundation
import TestSupport
import Testing
import TinkerJSON

@Suite struct RenderTests {
  private func lines(_ more: [String], input: String = "") throws -> [JSONValue] {
    let outcome = try Tool.run(["render"] + more + Tool.rendering, input: input)
    #expect(outcome.status == 0, "\(outcome.messages)")
    return try Tool.lines(of: outcome.text).map { try JSONValue.parse($0) }
  }

  @Test func writesDatumsByDefault() throws {
    let datums = try lines([Tool.demo])
    let tokens = try lines([Tool.demo, "--format", "tokens"])
    #expect(datums.count == tokens.count)
    #expect(datums.count > 15)
    for (datum, example) in zip(datums, tokens) {
      let flat = try #require(example["tokens"]?.array)
      let weights = (example["weights"]?.array ?? []).compactMap(\.double)
      let chunks = datum["model_input"]?["chunks"]?.array ?? []
      let input = chunks.flatMap { $0["tokens"]?.array ?? [] }
      #expect(input == Array(flat.dropLast()))
      let targets = datum["loss_fn_inputs"]?["target_tokens"]
      #expect(targets?["data"]?.array == Array(flat.dropFirst()))
      #expect(targets?["dtype"] == "int64")
      #expect(targets?["shape"]?.array?.first?.int == flat.count - 1)
      let shifted = datum["loss_fn_inputs"]?["weights"]
      let data = (shifted?["data"]?.array ?? []).compactMap(\.double)
      #expect(data == Array(weights.dropFirst()))
      #expect(shifted?["dtype"] == "float32")
    }
  }

  @Test func segmentsCoverTheTokens() throws {
    for example in try lines([Tool.demo, "--format", "tokens"]) {
      let segments = try #require(example["segments"]?.array)
      var end = 0
      for segment in segments {
        #expect(segment.array?[0].int == end)
        end = segment.array?[1].int ?? -1
      }
      #expect(end == example["tokens"]?.array?.count)
    }
  }

  @Test func labelsOfHuggingFace() throws {
    let labels = try lines([Tool.demo, "--format", "hf"])
    let tokens = try lines([Tool.demo, "--format", "tokens"])
    for (label, example) in zip(labels, tokens) {
      let ids = example["tokens"]?.array ?? []
      #expect(label["input_ids"]?.array == ids)
      #expect(label["attention_mask"]?.array == ids.map { _ in 1 })
      let weights = example["weights"]?.array ?? []
      #expect(label["labels"]?.array == zip(ids, weights).map { $1 == 0 ? -100 : $0 })
    }
  }

  @Test func keepsOrderOnAnyNumberOfThreads() throws {
    let record =
      #"{"id":%,"messages":[{"role":"user","content":"Q %"},"#
      + #"{"role":"assistant","content":"A %"}]}"#
    let input = (0..<3000).map { record.replacing("%", with: String($0)) }.joined(separator: "\n")
    let one = try Tool.run(
      ["render", "-", "--format", "tokens", "--jobs", "1"] + Tool.rendering, input: input)
    let many = try Tool.run(
      ["render", "-", "--format", "tokens", "--jobs", "7"] + Tool.rendering, input: input)
    #expect(one.output == many.output)
    let ids = try Tool.lines(of: one.text).map { try JSONValue.parse($0)["id"]?.int }
    #expect(ids == Array(0..<3000))
  }

  @Test func shardsAreTheWholeTogether() throws {
    let whole = try lines([Tool.demo, "--format", "tokens", "--expand", "none"])
    let parts = try (0..<3).map { index in
      try lines([Tool.demo, "--format", "tokens", "--expand", "none", "--shard", "\(index)/3"])
    }
    #expect(parts.map(\.count).reduce(0, +) == whole.count)
    for (index, example) in whole.enumerated() {
      #expect(parts[index % 3][index / 3] == example)
    }
    let limited = try lines(
      [Tool.demo, "--format", "tokens", "--expand", "none", "--shard", "1/3", "--limit", "2"])
    #expect(limited == Array(parts[1].prefix(2)))
  }

  @Test func expandsTurns() throws {
    let chat = #"""
      {"messages":[{"role":"user","content":"1"},{"role":"assistant","content":"a"},
      {"role":"user","content":"2"},{"role":"assistant","content":"b"}]}
      """#.replacing("\n", with: "")
    func count(_ renderer: String, _ expand: String) throws -> Int {
      let outcome = try Tool.run(
        ["render", "-", "-r", renderer, "--expand", expand] + Tool.qwen3, input: chat)
      return Tool.lines(of: outcome.text).count
    }
    #expect(try count("qwen3", "auto") == 2)
    #expect(try count("qwen3", "none") == 1)
    #expect(try count("qwen3_instruct", "auto") == 1)
    #expect(try count("qwen3_instruct", "turns") == 2)
  }

  @Test func readsThreeForms() throws {
    let openAI =
      #"{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q\n\nI"},{"role":"assistant","content":"A"}]}"#
    let shareGPT =
      #"{"conversations":[{"from":"system","value":"S"},{"from":"human","value":"Q\n\nI"},{"from":"gpt","value":"A"}]}"#
    let alpaca = #"{"instruction":"Q","input":"I","output":"A","system":"S"}"#
    let expected = try lines(["-"], input: openAI)
    #expect(try lines(["-"], input: shareGPT) == expected)
    #expect(try lines(["-"], input: alpaca) == expected)
    #expect(try lines(["-", "--input-format", "alpaca"], input: alpaca) == expected)
    let mixed = try Tool.run(["render", "-"] + Tool.rendering, input: openAI + "\n" + alpaca)
    #expect(mixed.status == 3)
    #expect(mixed.messages.contains("<stdin>:2: the key 'messages' is missing"))
  }

  @Test func carriesOtherMembers() throws {
    let record =
      #"{"id":7,"split":"train","messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"n":[1.50,"é"]}"#
    let outcome = try Tool.run(
      ["render", "-", "--format", "hf", "--carry"] + Tool.rendering, input: record)
    #expect(outcome.text.hasSuffix(#","split":"train","n":[1.5,"é"]}"# + "\n"), "\(outcome.text)")
    let clash = try Tool.run(
      ["render", "-", "--format", "hf", "--carry"] + Tool.rendering,
      input: record.replacing("split", with: "labels"))
    #expect(clash.status == 3)
    #expect(clash.messages.contains("<stdin>:1: labels: the record has a key that the format hf"))
  }

  @Test func leavesLongExamplesOut() throws {
    let records = ["short", String(repeating: "long ", count: 200)].map { text in
      #"{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"\#(text)"}]}"#
    }.joined(separator: "\n")
    let dropped = try Tool.run(
      ["render", "-", "--max-length", "100", "--too-long", "drop"] + Tool.rendering, input: records)
    #expect(dropped.status == 1)
    #expect(Tool.lines(of: dropped.text).count == 1)
    #expect(dropped.messages.contains("1 long example left out"))
    let refused = try Tool.run(
      ["render", "-", "--max-length", "100"] + Tool.rendering, input: records)
    #expect(refused.status == 3)
    #expect(refused.messages.contains("<stdin>:2: the example has "))
    #expect(Tool.lines(of: refused.text).count == 1, "what stands before the error is written")
  }

  @Test func saysWhatTrainsNothing() throws {
    let outcome = try Tool.run(
      ["render", "-", "--expand", "none"] + Tool.rendering,
      input: #"{"messages":[{"role":"user","content":"Q"}]}"#)
    #expect(outcome.status == 1)
    #expect(Tool.lines(of: outcome.text).count == 1)
    #expect(outcome.messages.contains("without a trained token, the first at <stdin>:1"))
  }

  @Test func countsWithoutWriting() throws {
    let outcome = try Tool.run(["render", Tool.demo, "--dry-run", "--json"] + Tool.rendering)
    #expect(outcome.status == 0)
    #expect(outcome.messages.isEmpty)
    let counts = try JSONValue.parse(outcome.text.trimmingCharacters(in: .newlines))
    let examples = try lines([Tool.demo, "--format", "tokens"])
    let whole = try lines([Tool.demo, "--format", "tokens", "--expand", "none"])
    #expect(counts["records"]?.int == whole.count)
    #expect(counts["examples"]?.int == examples.count)
    let tokens = examples.reduce(0) { $0 + ($1["tokens"]?.array?.count ?? 0) }
    #expect(counts["tokens"]?.int == tokens)
    let trained = examples.reduce(0) { sum, example in
      sum + (example["weights"]?.array ?? []).count { $0 == 1 }
    }
    #expect(counts["trained_tokens"]?.int == trained)
  }

  @Test func takesAnEmptyFile() throws {
    let outcome = try Tool.run(["render", "-"] + Tool.rendering, input: "\n  \n")
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty)
    #expect(outcome.messages == "0 records, 0 examples, 0 tokens, 0 trained\n")
  }
}
