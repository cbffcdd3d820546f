import Foundation
import TestSupport
import Testing

/// Bad input ends with 3, and the message names file, line, column or field.
@Suite struct BadInputTests {
  private func messages(of bytes: Data, name: String = "in.jsonl") throws -> String {
    let folder = try WorkFolder()
    let input = try folder.write(bytes, to: name)
    let outcome = try Tool.run(["render", input] + Tool.rendering)
    #expect(outcome.status == 3)
    return outcome.messages.replacing(folder.path + "/", with: "")
  }

  static let records: [(String, String)] = [
    ("{", "in.jsonl:1:2: Expecting property name enclosed in double quotes"),
    ("nonsense", "in.jsonl:1:1: Expecting value"),
    ("[]", "in.jsonl:1: expected an object, found an array"),
    ("{}", "in.jsonl:1: a conversation has the key messages"),
    (#"{"prompt":"x"}"#, "the keys here are: prompt"),
    (#"{"messages":{}}"#, "in.jsonl:1: messages: expected an array, found an object"),
    (#"{"messages":[{"content":"x"}]}"#, "messages[0]: the key 'role' is missing"),
    (#"{"messages":[{"role":"user"}]}"#, "messages[0]: the key 'content' is missing"),
    (#"{"messages":[{"role":1,"content":""}]}"#, "messages[0].role: expected a string"),
    (#"{"messages":[{"role":"user","content":"\ud800"}]}"#, "messages[0].content: "),
    (
      #"{"messages":[{"role":"user","content":"Q"}],"tools":[{"name":"t"}]}"#,
      "tools[0]: the key 'description' is missing"
    ),
    (#"{"conversations":[{"from":"alien","value":"x"}]}"#, "conversations[0].from: "),
    (#"{"instruction":"x","output":null}"#, "the key 'output' is missing"),
    (#"{"messages":[]} x"#, "in.jsonl:1:17: Extra data"),
    (String(repeating: "[", count: 10_000), "in.jsonl:1"),
    (
      #"{"messages":"# + String(repeating: "[", count: 10_000),
      "in.jsonl:1:1012: Arrays and objects"
    ),
  ]

  @Test(arguments: records)
  func namesThePlace(record: String, message: String) throws {
    let messages = try messages(of: Data(record.utf8))
    #expect(messages.hasPrefix("tinkerkit: in.jsonl"), "\(messages)")
    #expect(messages.contains(message), "\(messages)")
    #expect(messages.split(separator: "\n").count == 1)
  }

  @Test func namesTheByteThatIsNotUTF8() throws {
    var bytes = Data(#"{"messages":[{"role":"user","content":"ü"#.utf8)
    bytes.append(contentsOf: [0xFF])
    bytes.append(contentsOf: Data(#""}]}"#.utf8))
    #expect(try messages(of: bytes).contains("not valid UTF-8"))
  }

  @Test func namesANullByte() throws {
    let bytes = Data("{\"messages\":[{\"role\":\"user\",\"content\":\"\u{0}\"}]}".utf8)
    #expect(try messages(of: bytes).contains("in.jsonl:1:40: Invalid control character at"))
  }

  @Test func saysHowToReadACompressedFile() throws {
    let bytes = Data([0x1F, 0x8B, 0x08, 0x00, 0x41])
    let messages = try messages(of: bytes, name: "in.jsonl")
    #expect(messages.contains("in.jsonl: the file is compressed; give it a name that ends in .gz"))
    #expect(
      try self.messages(of: bytes, name: "in.jsonl.gz")
        .contains("in.jsonl.gz: the file is cut off: its gzip stream has no end"))
  }

  @Test func namesTheFileThatIsNotThere() throws {
    let outcome = try Tool.run(["render", "/nowhere.jsonl"] + Tool.rendering)
    #expect(outcome.status == 3)
    #expect(
      outcome.messages
        == "tinkerkit: /nowhere.jsonl: cannot be opened: No such file or directory\n")
  }

  @Test func namesTheTokenizerThatIsNotThere() throws {
    let folder = try WorkFolder()
    for (name, message) in [
      ("/nowhere", "/nowhere: no such file or folder"),
      (folder.path, "the folder has no tokenizer.json"),
      ("Qwen/Qwen3-8B", "no model of that name is in the hub cache \(folder.path)/hub"),
    ] {
      let outcome = try Tool.run(
        ["render", Tool.demo, "-t", name, "-r", "qwen3"], environment: ["HF_HOME": folder.path])
      #expect(outcome.status == 3)
      #expect(outcome.messages.contains(message), "\(outcome.messages)")
    }
  }

  @Test func findsAModelInTheHubCache() throws {
    let folder = try WorkFolder()
    let model = folder.path("hub/models--Qwen--Qwen3-8B")
    try FileManager.default.createDirectory(
      atPath: "\(model)/snapshots", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      atPath: "\(model)/refs", withIntermediateDirectories: true)
    try Data("0123abc\n".utf8).write(to: URL(filePath: "\(model)/refs/main"))
    try FileManager.default.createSymbolicLink(
      atPath: "\(model)/snapshots/0123abc",
      withDestinationPath: Places.fixtures.appending(path: "tokenizers/tiny-qwen3").path)
    let byModel = try Tool.run(
      ["render", Tool.demo, "--model", "Qwen/Qwen3-8B"], environment: ["HF_HOME": folder.path])
    let byPath = try Tool.run(["render", Tool.demo] + Tool.rendering)
    #expect(byModel.status == 0, "\(byModel.messages)")
    #expect(byModel.output == byPath.output)
  }
}
