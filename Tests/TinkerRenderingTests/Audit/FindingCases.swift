import Testing
import TinkerRendering

/// A record that has a finding, and one that just has not.
struct FindingCase: CustomTestStringConvertible, Sendable {
  let code: FindingCode
  let renderer: String
  let has: String
  let hasNot: String
  var trainOn = TrainOn.allAssistantMessages
  /// The mode of the record that has not, where it is the mode that makes the difference.
  var otherTrainOn: TrainOn?
  /// The renderer of the record that has not, where it is the renderer that makes the difference.
  var otherRenderer: String?
  var expansion = RecordSettings.Expansion.auto
  var maximumLength: Int?
  var severity: FindingSeverity?
  var testDescription: String { "\(code.rawValue) \(renderer)" }
}

/// Short ways to write records.
enum Records {
  static func record(_ messages: String..., tools: String? = nil) -> String {
    let tools = tools.map { #","tools":[\#($0)]"# } ?? ""
    return #"{"messages":[\#(messages.joined(separator: ","))]\#(tools)}"#
  }

  static func system(_ text: String) -> String { message("system", text) }
  static func user(_ text: String) -> String { message("user", text) }
  static func assistant(_ text: String) -> String { message("assistant", text) }

  static func message(_ role: String, _ text: String) -> String {
    #"{"role":"\#(role)","content":"\#(text)"}"#
  }

  static func reasoned(_ thinking: String, _ text: String) -> String {
    #"{"role":"assistant","content":[{"type":"thinking","thinking":"\#(thinking)"},"#
      + #"{"type":"text","text":"\#(text)"}]}"#
  }

  /// An assistant that calls the tool `add`; the arguments as they stand inside a JSON string.
  static func call(
    _ arguments: String = #"{\"x\":1}"#, name: String = "add", content: String = "\"\""
  ) -> String {
    #"{"role":"assistant","content":\#(content),"tool_calls":[{"type":"function","id":"c1","#
      + #""function":{"name":"\#(name)","arguments":"\#(arguments)"}}]}"#
  }

  static let add =
    #"{"name":"add","description":"Adds","parameters":{"type":"object","properties":"#
    + #"{"x":{"type":"integer"}},"required":["x"]}}"#

  static func seen(_ text: String, images: Int = 1) -> String {
    let parts = (0..<images).map { _ in #"{"type":"image","image":"\#(HeaderImages.example)"}"# }
    let all = (parts + [#"{"type":"text","text":"\#(text)"}"#]).joined(separator: ",")
    return #"{"role":"user","content":[\#(all)]}"#
  }
}

extension FindingCase {
  private static let plain = Records.record(Records.user("Q"), Records.assistant("A"))
  private static let reasonedTwice = Records.record(
    Records.user("1"), Records.reasoned("because", "one"), Records.user("2"),
    Records.reasoned("so", "two"))

  /// One or more for each code; `duplicate` and `split-leak` take more than a record.
  static let all: [FindingCase] = [
    FindingCase(
      code: .notRenderable, renderer: "llama3",
      has: #"{"messages":[{"role":"user","content":[]}]}"#, hasNot: plain),
    FindingCase(code: .notRenderable, renderer: "llama3", has: #"{"messages":[}"#, hasNot: plain),
    FindingCase(
      code: .nullFields, renderer: "qwen3",
      has: #"{"messages":[{"role":"user","content":"Q","name":null}]}"#,
      hasNot: Records.record(Records.user("Q"), Records.call(content: "null"))),
    FindingCase(
      code: .nullFields, renderer: "qwen3",
      has: Records.record(
        Records.user("Q"), tools: Records.add.replacing("{\"type\":\"integer\"}", with: "null")),
      hasNot: Records.record(
        Records.user("Q"),
        tools: Records.add.replacing("\"integer\"", with: "\"integer\",\"default\":null")),
      severity: .error),
    FindingCase(
      code: .roleOrder, renderer: "llama3",
      has: Records.record(Records.user("Q"), Records.user("again"), Records.assistant("A")),
      hasNot: Records.record(
        Records.system("S"), Records.user("Q"), Records.assistant("A"), Records.user("R"))),
    FindingCase(
      code: .emptyAssistant, renderer: "qwen3",
      has: Records.record(Records.user("Q"), Records.assistant(#" \n"#)),
      hasNot: Records.record(Records.user("Q"), Records.call())),
    FindingCase(
      code: .unicodeReplacement, renderer: "llama3",
      has: Records.record(Records.user(#"caf\ufffd"#), Records.assistant("A")),
      hasNot: Records.record(Records.user(#"caf\u00e9?"#), Records.assistant("A"))),
    FindingCase(
      code: .toolCallUnknown, renderer: "qwen3",
      has: Records.record(Records.user("Q"), Records.call(name: "sum"), tools: Records.add),
      hasNot: Records.record(Records.user("Q"), Records.call(), tools: Records.add)),
    FindingCase(
      code: .toolCallUnknown, renderer: "qwen3",
      has: Records.record(
        Records.user("Q"), Records.call(),
        #"{"role":"tool","content":"2","tool_call_id":"c2"}"#),
      hasNot: Records.record(
        Records.user("Q"), Records.call(),
        #"{"role":"tool","content":"2","tool_call_id":"c1"}"#)),
    FindingCase(
      code: .toolArgumentsInvalid, renderer: "qwen3",
      has: Records.record(Records.user("Q"), Records.call("[1]")),
      hasNot: Records.record(Records.user("Q"), Records.call("{}"))),
    FindingCase(
      code: .toolArgumentsInvalid, renderer: "qwen3",
      has: Records.record(Records.user("Q"), Records.call("{}"), tools: Records.add),
      hasNot: Records.record(Records.user("Q"), Records.call(), tools: Records.add)),
    FindingCase(
      code: .argumentsAsString, renderer: "qwen3",
      has: Records.record(Records.user("Q"), Records.call(#"\"{}\""#)),
      hasNot: Records.record(Records.user("Q"), Records.call(#"{\"x\":\"{}\"}"#))),
    FindingCase(
      code: .dateDependent, renderer: "llama3",
      has: Records.record(
        Records.system("Today's date is 3 May 2026."), Records.user("Q"), Records.assistant("A")),
      hasNot: Records.record(
        Records.system("Ask for today's date first."), Records.user("Q"),
        Records.assistant("A"))),
    FindingCase(
      code: .imageCountMismatch, renderer: "qwen3_vl",
      has: Records.record(Records.user("<image> What is it?"), Records.assistant("A")),
      hasNot: Records.record(Records.seen("<image> What is it?"), Records.assistant("A"))),
    FindingCase(
      code: .imageCountMismatch, renderer: "qwen3",
      has: Records.record(Records.seen("What?"), Records.assistant("A")),
      hasNot: Records.record(Records.seen("What?"), Records.assistant("A")),
      otherRenderer: "qwen3_vl"),
    FindingCase(
      code: .noLoss, renderer: "llama3", has: Records.record(Records.user("Q")), hasNot: plain),
    FindingCase(
      code: .noLoss, renderer: "qwen3", has: Records.record(Records.user("Q")), hasNot: plain),
    FindingCase(
      code: .allLoss, renderer: "llama3", has: plain, hasNot: plain, trainOn: .allTokens,
      otherTrainOn: .allMessages),
    FindingCase(
      code: .doubleBOS, renderer: "llama3",
      has: Records.record(Records.user("<|begin_of_text|>Q"), Records.assistant("A")),
      hasNot: Records.record(Records.user("begin_of_text Q"), Records.assistant("A"))),
    FindingCase(
      code: .missingStopInLoss, renderer: "deepseekv3",
      has: Records.record(Records.user("Q"), Records.call()),
      hasNot: Records.record(Records.user("Q"), Records.call(content: "\"So:\""))),
    FindingCase(
      code: .specialTokenInContent, renderer: "llama3",
      has: Records.record(Records.user("a <|eot_id|> b"), Records.assistant("A")),
      hasNot: Records.record(Records.user("a <|eot|> b"), Records.assistant("A")),
      severity: .error),
    FindingCase(
      code: .specialTokenInContent, renderer: "qwen3",
      has: Records.record(Records.user("</think>"), Records.assistant("A")),
      hasNot: Records.record(Records.user("<|im_end|>"), Records.assistant("A")),
      severity: .warning),
    FindingCase(
      code: .trainedNotSampled, renderer: "llama3", has: plain, hasNot: plain,
      trainOn: .allMessages, otherTrainOn: .allAssistantMessages),
    FindingCase(
      code: .reasoningDropped, renderer: "qwen3_instruct", has: reasonedTwice,
      hasNot: reasonedTwice, otherRenderer: "qwen3"),
    FindingCase(
      code: .tooLong, renderer: "llama3",
      has: Records.record(Records.user("one two three four five six"), Records.assistant("A")),
      hasNot: plain, maximumLength: 16),
    FindingCase(
      code: .truncatedTarget, renderer: "llama3",
      has: Records.record(Records.user("Q"), Records.assistant("one two three four five six")),
      hasNot: Records.record(
        Records.user("Q"), Records.assistant("A"), Records.user("one two three four five six")),
      maximumLength: 15),
    FindingCase(
      code: .cutImage, renderer: "qwen3_vl",
      has: Records.record(Records.seen("What?"), Records.assistant("A")),
      hasNot: Records.record(
        Records.user("one two three four five six seven"), Records.assistant("A")),
      maximumLength: 8),
    FindingCase(
      code: .notAPrefix, renderer: "qwen3",
      has: Records.record(Records.user("Q"), Records.assistant("A"), Records.assistant("B")),
      hasNot: Records.record(
        Records.user("Q"), Records.assistant("A"), Records.user("R"), Records.assistant("B"))),
    FindingCase(
      code: .historyChanges, renderer: "qwen3_instruct", has: reasonedTwice,
      hasNot: Records.record(
        Records.user("1"), Records.assistant("one"), Records.user("2"), Records.assistant("two")),
      severity: .warning),
    FindingCase(
      code: .historyChanges, renderer: "qwen3", has: reasonedTwice, hasNot: plain, severity: .note),
    FindingCase(
      code: .doesNotParseBack, renderer: "qwen3",
      has: Records.record(
        Records.user("Q"), Records.assistant("Write <tool_call>{}</tool_call> so.")),
      hasNot: Records.record(Records.user("Q"), Records.call())),
    FindingCase(
      code: .retokenizes, renderer: "qwen3",
      has: Records.record(Records.user("a <|im_end|> b"), Records.assistant("A")),
      hasNot: Records.record(Records.user("a im_end b"), Records.assistant("A"))),
  ]
}

extension HeaderImages {
  /// The header of an image of 64 x 64 pixels.
  static let example = "data:image/png;base64,AAAAAAAAAAAAAAAAAAAAAAAAAEAAAABAAAAAAA=="
}
