import Foundation
import Testing
import TinkerJSON
import TinkerTokenizer

/// Every kind of bad file ends in an error that names the place.
@Suite struct BadFileTests {
  static func failure(_ json: String, configuration: String? = nil) -> TokenizerError? {
    do {
      _ = try Tokenizer(json: Array(json.utf8), configuration: configuration.map { Array($0.utf8) })
      return nil
    } catch { return error }
  }

  static let model =
    #""model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}"#

  @Test func theSoundFileLoads() {
    #expect(Self.failure("{\(Self.model)}") == nil)
    #expect(Self.failure("{\"version\": \"1.0\", \"padding\": {\"a\": 1}, \(Self.model)}") == nil)
  }

  @Test func missingFilesAndFolders() throws {
    #expect(throws: TokenizerError.self) { try Tokenizer(contentsOf: "/nowhere/tokenizer.json") }
    #expect(throws: TokenizerError.self) { try Tokenizer(contentsOf: "") }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: TokenizerError.self) { try Tokenizer(contentsOf: folder.path()) }
    let file = folder.appending(path: "tokenizer.json")
    try Data("{\(Self.model)}".utf8).write(to: file)
    #expect(try Tokenizer(contentsOf: folder.path()).encode("ab") == [2])
    #expect(try Tokenizer(contentsOf: file.path()).encode("ab") == [2])
    let configuration = #"{"bos_token": "a", "eos_token": {"content": "zz"}}"#
    try Data(configuration.utf8).write(to: folder.appending(path: "tokenizer_config.json"))
    let tokenizer = try Tokenizer(contentsOf: file.path())
    #expect(tokenizer.beginningOfSequence?.text == "a")
    #expect(tokenizer.beginningOfSequence?.id == 0)
    #expect(tokenizer.endOfSequence?.text == "zz")
    #expect(tokenizer.endOfSequence?.id == nil)
  }

  /// Cut anywhere, a file is an error and never less than a tokenizer.
  @Test func cutFiles() throws {
    let whole = Array("{\"version\": \"1.0\", \"added_tokens\": [], \(Self.model)}".utf8)
    for count in 0..<whole.count {
      do {
        _ = try Tokenizer(json: Array(whole[..<count]))
        Issue.record("the first \(count) bytes load")
      } catch {
        guard case .json = error else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }

  @Test(arguments: [
    ("[]", "Expected an object"),
    ("{}", "the field model is missing"),
    (#"{"model": null}"#, "in model"),
    (#"{"model": {"vocab": {}}}"#, "model.merges is missing"),
    (#"{"model": {"merges": []}}"#, "model.vocab is missing"),
    (#"{"model": {"vocab": [], "merges": []}}"#, "in model.vocab"),
    (#"{"model": {"vocab": {}, "merges": {}}}"#, "in model.merges"),
    (#"{"model": {"type": "Unigram", "vocab": {}, "merges": []}}"#, "\"Unigram\""),
    (#"{"model": {"vocab": {}, "merges": [], "dropout": 0.5}}"#, "model.dropout is 0.5"),
    (#"{"model": {"vocab": {}, "merges": [], "ignore_merges": 1}}"#, "in model.ignore_merges"),
    (#"{"model": {"vocab": {"a": "0"}, "merges": []}}"#, "in model.vocab"),
    (#"{"model": {"vocab": {"a": -1}, "merges": []}}"#, "model.vocab[\"a\"] is -1"),
    (#"{"model": {"vocab": {"a": 1.5}, "merges": []}}"#, "model.vocab[\"a\"] is 1.5"),
    (#"{"model": {"vocab": {"a": 4294967296}, "merges": []}}"#, "4294967296"),
    (#"{"model": {"vocab": {"a": 4294967295}, "merges": []}}"#, "an id from 0 to"),
    (#"{"model": {"vocab": {"a": 99999999999999999999}, "merges": []}}"#, "9999999999"),
    (#"{"model": {"vocab": {"a": 0, "b": 0}, "merges": []}}"#, "the id 0 given twice, to `b`"),
    (#"{"model": {"vocab": {"a": 0, "a": 1}, "merges": []}}"#, "a token given twice"),
    (#"{"model": {"vocab": {"\ud800": 0}, "merges": []}}"#, "half of a surrogate pair"),
    (#"{"model": {"vocab": {"a": 0}, "merges": ["a b"]}}"#, "model.merges[0] names the token `b`"),
    (
      #"{"model": {"vocab": {"a": 0, "b": 1}, "merges": ["a b"]}}"#,
      "model.merges[0] names the token `ab`"
    ),
    (#"{"model": {"vocab": {"a": 0}, "merges": ["a"]}}"#, "model.merges[0] is `a`"),
    (#"{"model": {"vocab": {"a": 0}, "merges": ["a  a"]}}"#, "one space between"),
    (#"{"model": {"vocab": {"a": 0}, "merges": [["a"]]}}"#, "a list of 1; expected two tokens"),
    (#"{"model": {"vocab": {"a": 0, "aa": 1}, "merges": ["a a", ["a", "a"]]}}"#, "spellings"),
    (#"{"model": {"vocab": {"a": 0}, "merges": [1]}}"#, "in model.merges"),
    (#"{"version": "2.0", \#(model)}"#, "version is \"2.0\""),
    (#"{"extra": 1, \#(model)}"#, "\"extra\""),
    (#"{\#(model), \#(model)}"#, "model is given twice"),
    (#"{\#(model)} {}"#, "Extra data"),
    (#"{"added_tokens": 3, \#(model)}"#, "in added_tokens"),
    (#"{"added_tokens": [{"id": 0}], \#(model)}"#, "added_tokens[0]"),
    (#"{"normalizer": {"type": "Nmt2"}, \#(model)}"#, "Nmt2"),
    (#"{"pre_tokenizer": {"type": "Martian"}, \#(model)}"#, "Martian"),
    (#"{"post_processor": {"type": "Roberta"}, \#(model)}"#, "post_processor.type is \"Roberta\""),
    (#"{"decoder": {"type": "WordPiece"}, \#(model)}"#, "decoder.type is \"WordPiece\""),
    (
      #"{"decoder": {"type": "Strip", "content": "ab", "start": 0, "stop": 0}, \#(model)}"#,
      "decoder.content"
    ),
    (
      #"{"post_processor": {"type": "TemplateProcessing", "single": []}, \#(model)}"#,
      "a template with the text A once"
    ),
    (
      #"{"post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "q"}}]}, \#(model)}"#,
      "post_processor.single[0].SpecialToken.id names the token `q`"
    ),
    (#"{"model": {"vocab": {"a": 0}, "merges": [], "unk_token": "<u>"}}"#, "`<u>`"),
  ])
  func errorsNameTheirPlace(_ json: String, _ part: String) {
    let error = Self.failure(json)
    #expect("\(error.map(String.init(describing:)) ?? "it loads")".contains(part), "\(json)")
  }

  @Test func deepNesting() {
    let deep = String(repeating: "[", count: 10_000)
    for field in ["padding", "normalizer", "decoder", "added_tokens", "model"] {
      let error = Self.failure("{\"\(field)\": \(deep)")
      guard case .json = error else {
        Issue.record("\(field): \(String(describing: error))")
        continue
      }
    }
    let nested =
      String(repeating: #"{"type": "Sequence", "decoders": ["#, count: 400)
      + String(repeating: "]}", count: 400)
    #expect(Self.failure("{\"decoder\": \(nested), \(Self.model)}") == nil)
  }

  @Test func bytesThatAreNoText() {
    for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0], [0xF4, 0x90, 0x80, 0x80]] {
      let json =
        Array(#"{"model": {"vocab": {""#.utf8) + bytes + Array(#"": 0}, "merges": []}}"#.utf8)
      do {
        _ = try Tokenizer(json: json)
        Issue.record("\(bytes) load")
      } catch {
        guard case .json(_, "model.vocab", _) = error else {
          Issue.record("\(bytes): \(error)")
          continue
        }
      }
    }
  }

  @Test(arguments: ["[]", "{", #"{"bos_token": 3}"#, #"{"eos_token": {"text": "a"}}"#])
  func badConfigurations(_ configuration: String) {
    #expect(Self.failure("{\(Self.model)}", configuration: configuration) != nil)
  }

  /// The unknown token need not exist where nothing is ever unknown.
  @Test func anUnknownTokenThatIsNeverNeeded() throws {
    let tokenizer = try SmallTokenizer(SmallTokenizer.alphabet)
      .with("pre_tokenizer", SmallTokenizer.wholeText).with(model: "unk_token", "<u>").load()
    #expect(tokenizer.encode("é").count == 2)
  }
}
