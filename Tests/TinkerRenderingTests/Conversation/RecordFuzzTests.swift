import Foundation
import TestSupport
import Testing
import TinkerJSON
import TinkerRendering

/// Damaged records: each is read, or refused with an error that says something.
@Suite struct RecordFuzzTests {
  /// Lines that failed once, or that are likely to.
  static let corpus = [
    #"{"messages":[{"role":"user","content":"\u0000\ud83d\ude42"}],"tools":null,"id":{"a":[1]}}"#,
    #"{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":""}],"tool_calls":[{"type":"function","id":null,"function":{"name":"f","arguments":"{}"}}],"trainable":true}]}"#,
    #"{"messages":[{"role":"user","content":[{"type":"image","image":"data:image/png;base64,"}]}]}"#,
    #"{"conversations":[{"from":"human","value":"a"},{"from":"gpt","value":"b"}],"system":"s"}"#,
    #"{"instruction":"a","input":"b","output":"c"}"#,
  ]

  private func read(_ bytes: [UInt8]) throws -> Conversation {
    var reader = JSONReader(bytes.span)
    let form = try RecordForm(recognizing: &reader)
    reader = JSONReader(bytes.span)
    return try Conversation(reading: &reader, form: form, keepsOthers: true)
  }

  @Test func damagedRecordsNeverTrap() throws {
    let folder = Places.fixtures.appending(path: "conversations")
    var lines = Self.corpus.map { Array($0.utf8) }
    for name in ["thinking", "tools", "contents"] {
      let file = try Data(contentsOf: folder.appending(path: name + ".jsonl"))
      lines += file.split(separator: UInt8(ascii: "\n")).prefix(8).map { [UInt8]($0) }
    }
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    var session = renderer.makeSession()
    var example = SupervisedExample()
    var state: UInt64 = 5
    func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    var accepted = 0
    for round in 0..<4000 {
      var bytes = lines[round % lines.count]
      for _ in 0...below(3) where !bytes.isEmpty {
        let place = below(bytes.count)
        switch below(4) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: below(256))
        case 1:
          bytes.insert(contentsOf: Array("[{\"\\:,}]0nt".utf8).suffix(1 + below(11)), at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(9)))
        default: bytes.removeSubrange(place...)
        }
      }
      do {
        let conversation = try read(bytes)
        try session.supervisedExample(
          for: conversation.messages, trainOn: .allAssistantMessages, into: &example)
        accepted += 1
      } catch let error as RenderingError {
        if error.message.isEmpty { Issue.record("\(bytes): an error without a sentence") }
      }
    }
    #expect(accepted > 100)
  }

  @Test(arguments: [
    "", "{", "[]", "null", "{\"messages\"", "{\"messages\":[{\"role\":\"user\",\"content\":\"a",
    "{\"messages\":{}}", "{\"messages\":[1]}", "{\"messages\":[{}]}", "{\"x\":1}",
    "{\"messages\":[{\"role\":\"user\",\"content\":\"\u{1}\"}]}",
  ])
  func refusesWithASentence(text: String) {
    let error = Fixture.error { _ = try read(Array(text.utf8)) }
    #expect(error?.message.isEmpty == false, "\(text)")
  }

  @Test func refusesInvalidUTF8AndDeepNesting() {
    let broken =
      Array(#"{"messages":[{"role":"user","content":""#.utf8) + [0xFF] + Array(#""}]}"#.utf8)
    #expect(Fixture.error { _ = try read(broken) } != nil)
    let nested = String(repeating: "[", count: 10_000)
    for text in ["{\"messages\":\(nested)", "{\"messages\":[],\"x\":\(nested)"] {
      let error = Fixture.error { _ = try read(Array(text.utf8)) }
      #expect(error?.message.contains("deep") == true || error?.kind == .conversation)
    }
    let nul = Fixture.error { _ = try read(Array("{\"messages\":[]}\0".utf8)) }
    #expect(nul == nil || nul?.kind == .request)
  }
}
