import Foundation
import TestSupport
import Testing
import TinkerJSON

/// The worker answers whatever it is told, one line for one line, and never dies of it.
@Suite struct WorkerFuzzTests {
  private static let seeds = [
    #"{"id":1,"op":"encode","text":"Hi 天","special":"none","offsets":"bytes"}"#,
    #"{"id":2,"op":"decode","ids":[39,0,4294967295],"skip_special":true}"#,
    #"{"op":"supervised","messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"b"},{"type":"text","text":"c"}]}],"train_on":"all_tokens"}"#,
    #"{"op":"examples","messages":[{"role":"assistant","content":"","tool_calls":[{"id":null,"function":{"name":"f","arguments":"{\"x\":1e400}"}}]}]}"#,
    #"{"op":"prompt","messages":[{"role":"tool","content":"x","tool_call_id":"1"}],"prefill":"<think>"}"#,
    #"{"op":"parse","tokens":[2451,610,198,2452]}"#,
    #"{"op":"stream","tokens":[162,108,242,2452]}"#,
    #"{"op":"tools","tools":[{"name":"f","description":"d","parameters":{}}],"system":"s"}"#,
    #"{"op":"render","conversation":{"conversations":[{"from":"gpt","value":"\ud83d\ude00"}]},"line":7}"#,
    #"{"op":"decode_stream","ids":[1,2,3]}"#,
  ]

  @Test(.timeLimit(.minutes(3)))
  func answersEverything() throws {
    var random = Numbers(state: 20_261_125)
    var lines: [[UInt8]] = []
    for _ in 0..<4000 {
      var line = Array(Self.seeds[random.next(below: Self.seeds.count)].utf8)
      for _ in 0..<random.next(below: 5) { mutate(&line, &random) }
      lines.append(line.filter { $0 != 0x0A })
    }
    let input = Data(lines.joined(separator: [0x0A]))
    let outcome = try BuiltCommand.run(["worker"] + Tool.rendering, input: input)
    #expect(outcome.status == 0)
    let replies = outcome.output.split(separator: 0x0A)
    // An empty last line is no line.
    #expect(replies.count == lines.count - (lines.last?.isEmpty == true ? 1 : 0))
    var answered = 0
    for (reply, line) in zip(replies, lines) {
      let value = try? JSONValue.parse([UInt8](reply))
      guard let value, (value["ok"] != nil) != (value["error"] != nil) else {
        Issue.record(
          "\(String(decoding: line, as: UTF8.self)) -> \(String(decoding: reply, as: UTF8.self))")
        return
      }
      if value["ok"] != nil { answered += 1 }
    }
    #expect(answered > 400 && answered < 3600, "some requests are whole, and some are not")
  }

  private func mutate(_ line: inout [UInt8], _ random: inout Numbers) {
    guard !line.isEmpty else { return }
    let at = random.next(below: line.count)
    switch random.next(below: 6) {
    case 0: line[at] = UInt8(random.next(below: 256))
    case 1: line.remove(at: at)
    case 2: line.insert(Array("\"{}[],:\\-019eu".utf8)[random.next(below: 14)], at: at)
    case 3: line.removeSubrange(at...)
    case 4: line.insert(contentsOf: line[at..<min(line.count, at + 20)], at: at)
    default:
      let words = [
        "null", "-1", "1e999", "99999999999999999999", #""\ud800""#, "[[[[", "{}", "\"\"",
      ]
      line.replaceSubrange(at..<min(line.count, at + 3), with: words[random.next(below: 8)].utf8)
    }
  }

  /// Xorshift: the same lines everywhere.
  private struct Numbers {
    var state: UInt64
    mutating func next(below count: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(count))
    }
  }
}
