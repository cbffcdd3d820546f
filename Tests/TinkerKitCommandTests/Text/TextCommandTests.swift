import Foundation
import TestSupport
import Testing
import TinkerJSON

@Suite struct TextCommandTests {
  @Test func encodesAndDecodesBack() throws {
    let folder = try WorkFolder()
    let text = "Zürich: 20 °C\r\n\tno end \u{1F326}\u{FE0F}\n\n"
    let file = try folder.write(text, to: "text")
    let encoded = try Tool.run(["encode", file] + Tool.qwen3)
    #expect(Tool.lines(of: encoded.text).count == 1)
    let decoded = try Tool.run(["decode"] + Tool.qwen3, input: encoded.text)
    #expect(decoded.text == text)
    let count = try Tool.run(["count", file] + Tool.qwen3)
    let ids = encoded.text.split(whereSeparator: \.isWhitespace)
    #expect(count.text == "\(ids.count)\t\(file)\n")
  }

  @Test func worksByLine() throws {
    let encoded = try Tool.run(["encode", "--lines", "-"] + Tool.qwen3, input: "one\r\n\ntwo")
    let lines = encoded.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4)
    #expect(lines[1].isEmpty)
    let decoded = try Tool.run(["decode", "--lines"] + Tool.qwen3, input: encoded.text)
    #expect(decoded.text == "one\n\ntwo\n")
    let counts = try Tool.run(["count", "--lines", "--json", "-"] + Tool.qwen3, input: "one\n\n")
    #expect(counts.text.contains(#"{"file":"<stdin>","line":2,"count":0}"#))
  }

  @Test func printsOffsets() throws {
    let table = try Tool.run(["encode", "--text", "é a", "--offsets", "bytes"] + Tool.qwen3)
    let rows = Tool.lines(of: table.text).map { $0.split(separator: "\t") }
    #expect(rows.last?.dropFirst() == ["2", "4", "\" a\""])
    let json = try Tool.run(
      ["encode", "--text", "é a", "--offsets", "scalars", "--json"] + Tool.qwen3)
    let offsets = try JSONValue.parse(json.text.trimmingCharacters(in: .newlines))["offsets"]
    #expect(offsets?.array?.suffix(2) == [1, 3])
  }

  @Test(arguments: [("match", 1), ("none", 6)])
  func readsControlTextAsAsked(special: String, atLeast: Int) throws {
    let outcome = try Tool.run(
      ["count", "--text", "<|im_end|>", "--special", special] + Tool.qwen3)
    let count = try #require(Int(outcome.text.trimmingCharacters(in: .newlines)))
    #expect(special == "match" ? count == 1 : count > 1)
  }

  @Test func addsUpFiles() throws {
    let folder = try WorkFolder()
    let files = try ["a", "b"].map { try folder.write("hello", to: $0) }
    let outcome = try Tool.run(["count"] + files + Tool.qwen3)
    let lines = Tool.lines(of: outcome.text)
    #expect(lines.count == 3)
    #expect(lines[2].hasSuffix("\ttotal"))
  }

  @Test(arguments: [
    ("1 x", "--ids:3: expected an id"), ("4294967296", "--ids:1: the number is no id"),
    ("-1", "--ids:1: expected an id"), ("1 4000000000", "4000000000 at position 1 names no token"),
  ])
  func refusesWhatIsNoID(ids: String, message: String) throws {
    let outcome = try Tool.run(["decode", "--strict", "--ids=\(ids)"] + Tool.qwen3)
    #expect(outcome.status == 3)
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
  }

  @Test func leavesUnknownIDsOut() throws {
    let outcome = try Tool.run(["decode", "--ids", "[39, 4000000000]"] + Tool.qwen3)
    #expect(outcome.status == 0)
    #expect(outcome.text == "H")
  }

  @Test func namesLineAndByteOfInvalidText() throws {
    let folder = try WorkFolder()
    let file = try folder.write(Data(Array("ok\nä".utf8) + [0xC3]), to: "text")
    for more in [[], ["--lines"]] {
      let outcome = try Tool.run(["encode", file] + more + Tool.qwen3)
      #expect(outcome.status == 3)
      #expect(outcome.messages == "tinkerkit: \(file):2: byte 3 of the line is not UTF-8\n")
    }
  }

  @Test func printsPrompts() throws {
    let chat = #"{"id":"x","messages":[{"role":"user","content":"Hi"}]}"#
    let text = try Tool.run(["prompt", "-"] + Tool.rendering, input: chat)
    #expect(text.text.hasPrefix("# <stdin>:1  "))
    #expect(text.text.contains("stop: 2452 <|im_end|>"))
    #expect(text.text.hasSuffix("<|im_start|>assistant\n\n"))
    let json = try Tool.run(
      ["prompt", "-", "--json", "--prefill", "Sure"] + Tool.rendering, input: chat)
    let prompt = try JSONValue.parse(json.text.trimmingCharacters(in: .newlines))
    #expect(prompt["id"] == "x")
    #expect(prompt["stop"] == [2452])
    #expect(prompt["text"]?.text?.hasSuffix("assistant\nSure") == true)
    let flat = prompt["chunks"]?.array?.flatMap { $0.array ?? [] }
    #expect(flat == prompt["tokens"]?.array)
    let ids = try Tool.run(
      ["prompt", "-", "--ids", "--prefill", "Sure"] + Tool.rendering, input: chat)
    let expected = (flat ?? []).compactMap(\.int).map(String.init).joined(separator: " ")
    #expect(ids.text == expected + "\n")
  }

  @Test func parsesResponses() throws {
    let input = #"""
      "4.<|im_end|>"
      {"id":9,"text":"<tool_call>\n{bad}\n</tool_call><|im_end|>"}

      [19, 13]
      """#
    let outcome = try Tool.run(["parse"] + Tool.rendering, input: input)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let replies = try Tool.lines(of: outcome.text).map { try JSONValue.parse($0) }
    #expect(replies.count == 3)
    #expect(replies[0]["message"]?["content"] == "4.")
    #expect(replies[0]["termination"] == "stop_sequence")
    #expect(replies[1]["id"] == 9)
    #expect(replies[1]["failure"]?.array?.first == "content")
    #expect(replies[2]["termination"] == "malformed")
    let deltas = try Tool.run(["parse", "--stream"] + Tool.rendering, input: #""4.<|im_end|>""#)
    #expect(deltas.text.hasPrefix(#"{"deltas":[["header","assistant"],["text","#))
  }

  @Test(arguments: [
    ("5", "<stdin>:1: a response is an array of ids"), ("{}", "the key tokens or the key text"),
    ("[-1]", "<stdin>:1: ids[0]: -1 is not an id"), ("[1,]", "ids[1]: Expecting value"),
    (#"{"tokens":[1.5]}"#, "tokens[0]: 1.5 is not an integer"), ("\"", "Unterminated string"),
  ])
  func refusesWhatIsNoResponse(line: String, message: String) throws {
    let outcome = try Tool.run(["parse"] + Tool.rendering, input: line)
    #expect(outcome.status == 3)
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
  }
}
