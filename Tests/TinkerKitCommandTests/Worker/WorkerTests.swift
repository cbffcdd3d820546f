import Foundation
import TestSupport
import Testing
import TinkerJSON

@Suite struct WorkerTests {
  @Test func answersEveryLineInOrder() throws {
    let lines = [
      #"{"id":1,"op":"ping"}"#, "", "not json", "[1]", "5", #"{"op":"ping"}"#,
      #"{"id":{"a":[1,123456789012345678901234567890,"\ud800"]},"op":"ping"}"#,
      String(repeating: "[", count: 10_000),
      #"{"id":"# + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        + "}", #"{"op":"ping"} x"#, "{\"id\":\"\u{0}\"}", #"{"id":"last","op":"ping"}"#,
    ]
    let replies = try Tool.worker([], lines: lines)
    #expect(replies.count == lines.count)
    for (index, reply) in replies.enumerated() {
      switch index {
      case 0, 5, 6, 11: #expect(reply["ok"] == [:])
      default:
        #expect(reply["id"] == .null)
        #expect(reply["line"]?.int == index + 1)
        #expect(reply["error"]?["kind"] == "request")
      }
    }
    #expect(replies[0]["id"] == 1)
    #expect(replies[5]["id"] == .null)
    #expect(try replies[6]["id"] == JSONValue.parse(lines[6])["id"])
    #expect(replies[11]["id"] == "last")
  }

  struct Refusal: CustomTestStringConvertible {
    let request: String
    let kind: String
    let path: String?
    var testDescription: String { request }
    init(_ request: String, _ kind: String, _ path: String? = nil) {
      self.request = request
      self.kind = kind
      self.path = path
    }
  }

  static let refusals = [
    Refusal(#"{}"#, "request", "op"),
    Refusal(#"{"op":7}"#, "request", "op"),
    Refusal(#"{"op":"encod"}"#, "request", "op"),
    Refusal(#"{"op":"ping","x":1}"#, "request", "x"),
    Refusal(#"{"op":"encode","text":"a","add_specials":true}"#, "request", "add_specials"),
    Refusal(#"{"op":"encode"}"#, "request", "text"),
    Refusal(#"{"op":"encode","text":5}"#, "request", "text"),
    Refusal(#"{"op":"encode","text":"\ud800"}"#, "request", "text"),
    Refusal(#"{"op":"encode","text":"a","special":"all"}"#, "request", "special"),
    Refusal(#"{"op":"encode","text":"a","offsets":true}"#, "request", "offsets"),
    Refusal(#"{"op":"encode","text":"a","add_special":1}"#, "request", "add_special"),
    Refusal(#"{"op":"decode","ids":{}}"#, "request", "ids[0]"),
    Refusal(#"{"op":"decode","ids":[1,"a"]}"#, "request", "ids[1]"),
    Refusal(#"{"op":"decode","ids":[1.0]}"#, "request", "ids[0]"),
    Refusal(#"{"op":"decode","ids":[1,-1]}"#, "tokenizer", "ids[1]"),
    Refusal(#"{"op":"decode","ids":[4294967296]}"#, "tokenizer", "ids[0]"),
    Refusal(#"{"op":"decode","ids":[99999999999999999999999]}"#, "tokenizer", "ids[0]"),
    Refusal(#"{"op":"supervised","messages":{}}"#, "conversation", "messages"),
    Refusal(#"{"op":"supervised","messages":[{"content":"x"}]}"#, "conversation", "messages[0]"),
    Refusal(
      #"{"op":"supervised","messages":[{"role":"user","content":"a"}],"train_on":"all"}"#,
      "request", "train_on"),
    Refusal(
      #"{"op":"supervised","messages":[{"role":"user","content":"a"}],"trainable":[true]}"#,
      "request", "trainable"),
    Refusal(
      #"{"op":"supervised","messages":[{"role":"user","content":"a"}],"trainable":[],"train_on":"customized"}"#,
      "request", "trainable"),
    Refusal(
      #"{"op":"supervised","messages":[{"role":"user","content":"a"}],"train_on":"customized"}"#,
      "conversation", "messages[0].trainable"),
    Refusal(
      #"{"op":"supervised","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","tool_calls":[{"function":{"name":"f","arguments":{}}}]}]}"#,
      "conversation", "messages[1].tool_calls[0].function.arguments"),
    Refusal(#"{"op":"examples","messages":[],"train_on":"all_tokens"}"#, "unsupported"),
    Refusal(#"{"op":"parse","tokens":[2452,2452]}"#, "response", "tokens"),
    Refusal(#"{"op":"tools","tools":[{"name":"f"}]}"#, "conversation", "tools[0]"),
    Refusal(
      #"{"op":"render","conversation":{"messages":5}}"#, "conversation", "conversation.messages"),
  ]

  @Test(arguments: refusals)
  func refuses(refusal: Refusal) throws {
    let reply = try #require(try Tool.worker(Tool.rendering, lines: [refusal.request]).first)
    #expect(reply["ok"] == nil)
    #expect(reply["error"]?["kind"]?.text == refusal.kind, "\(reply.serialized())")
    #expect(reply["error"]?["path"]?.text == refusal.path, "\(reply.serialized())")
    #expect(reply["error"]?["message"]?.text?.isEmpty == false)
  }

  @Test func worksOnTextWithoutARenderer() throws {
    let replies = try Tool.worker(
      Tool.qwen3,
      lines: [
        #"{"op":"encode","text":"Hi","offsets":"bytes"}"#, #"{"op":"count","text":"Hi"}"#,
        #"{"op":"decode","ids":[39,4000000000]}"#, #"{"op":"decode_stream","ids":[162,108,242]}"#,
        #"{"op":"prompt","messages":[]}"#, #"{"op":"info"}"#,
      ])
    #expect(replies[0]["ok"]?["offsets"]?.array?.last == 2)
    #expect(replies[1]["ok"]?["count"]?.int == replies[0]["ok"]?["ids"]?.array?.count)
    #expect(replies[2]["ok"] == ["text": "H"])
    #expect(replies[3]["ok"] == ["chunks": [nil, nil, "气"], "text": "气"])
    #expect(replies[4]["error"]?["kind"] == "request")
    #expect(replies[5]["ok"]?["tokenizer"]?["sha256"]?.text?.count == 64)
    #expect(replies[5]["ok"]?["renderer"] == nil)
  }

  @Test func needsATokenizerForText() throws {
    let replies = try Tool.worker([], lines: [#"{"op":"count","text":""}"#, #"{"op":"info"}"#])
    #expect(replies[0]["error"]?["kind"] == "request")
    #expect(replies[1]["ok"]?["version"] != nil)
  }

  @Test(arguments: [["--format", "tokens"], ["--format", "hf", "--expand", "none"], []])
  func rendersTheLinesOfTheCommand(options: [String]) throws {
    let records = try String(
      contentsOf: Places.package.appending(path: Tool.demo), encoding: .utf8)
    let requests = Tool.lines(of: records).map { #"{"op":"render","conversation":\#($0)}"# }
    let replies = try Tool.worker(Tool.rendering + options, lines: requests)
    let lines = replies.flatMap { $0["ok"]?["lines"]?.array ?? [] }.compactMap(\.text)
    let rendered = try Tool.run(["render", Tool.demo] + options + Tool.rendering)
    #expect(lines == Tool.lines(of: rendered.text))
  }

  @Test(.timeLimit(.minutes(1)))
  func answersBeforeItWaits() throws {
    let process = Process()
    process.executableURL = BuiltCommand.products.appending(path: "tinkerkit")
    process.arguments = ["worker"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    for id in 0..<3 {
      try input.fileHandleForWriting.write(
        contentsOf: Data("{\"id\":\(id),\"op\":\"ping\"}\n".utf8))
      let reply = output.fileHandleForReading.availableData
      #expect(String(decoding: reply, as: UTF8.self) == "{\"id\":\(id),\"ok\":{}}\n")
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func endsWhenNobodyReads() throws {
    // A test process that serves ignores closed pipes, and `yes` inherits that and complains.
    let outcome = try BuiltCommand.shell(
      """
      (yes '{"op":"ping"}' 2>/dev/null | tinkerkit worker || echo $? >&2) | head -n 2 | wc -l
      """, in: Places.package)
    #expect(outcome.text.trimmingCharacters(in: .whitespacesAndNewlines) == "2")
    #expect(outcome.messages == "141\n")
  }
}
