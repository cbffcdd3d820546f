import Testing
import TinkerJSON
import TinkerTokenizer

/// Damaged files and random ids: nothing traps, and what loads can encode and decode.
@Suite struct LoaderFuzzTests {
  /// Files that the damage begins from, and files that failed once.
  static let corpus: [String] = [
    #"{"version":"1.0","added_tokens":[{"id":3,"content":"<s>","single_word":false,"lstrip":true,"rstrip":true,"normalized":true,"special":true}],"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}"#,
    #"{"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true,"use_regex":true},"post_processor":{"type":"ByteLevel","trim_offsets":true},"decoder":{"type":"ByteLevel"},"model":{"vocab":{"a":0,"\u0120":1,"\u0120a":2},"merges":[["\u0120","a"]],"ignore_merges":true}}"#,
    ###"{"normalizer":{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]},"decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},"model":{"vocab":{"<u>":0,"▁":1,"a":2,"<0x61>":3,"##a":4},"merges":[],"unk_token":"<u>","fuse_unk":true,"byte_fallback":true,"continuing_subword_prefix":"##","end_of_word_suffix":"</w>"}}"###,
    #"{"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\p{N}{1,3}|\\s+(?!\\S)"},"behavior":"MergedWithNext","invert":true},{"type":"Digits","individual_digits":true},{"type":"Punctuation","behavior":"Isolated"}]},"model":{"vocab":{"a":0},"merges":[]}}"#,
  ]

  @Test func damagedFilesNeverTrap() {
    var random = SplitMix(state: 23)
    var loaded = 0
    for round in 0..<6_000 {
      var bytes = Array(Self.corpus[round % Self.corpus.count].utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) { Self.damage(&bytes, &random) }
      guard let tokenizer = try? Tokenizer(json: bytes) else { continue }
      loaded += 1
      Self.use(tokenizer, &random)
    }
    #expect(loaded > 100)
  }

  private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    if bytes.isEmpty { return }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &random), at: place)
    case 2: bytes.removeSubrange(place..<min(place + 4, bytes.count))
    case 3:
      let other = Int.random(in: 0..<bytes.count, using: &random)
      bytes.swapAt(place, other)
    default: bytes.insert(contentsOf: Array("[{\"0}],:1-".utf8), at: place)
    }
  }

  private static func use(_ tokenizer: Tokenizer, _ random: inout SplitMix) {
    let text = "a ab  <s> é\u{301}日本 12345 ▁b\n\u{0}"
    for matching in AddedTokenMatching.allCases {
      let encoding = tokenizer.encodeWithOffsets(
        text, addSpecialTokens: true, addedTokens: matching)
      if encoding.scalarOffsets.count != encoding.ids.count {
        Issue.record("\(encoding.ids.count) ids, \(encoding.scalarOffsets.count) offsets")
      }
    }
    var stream = tokenizer.makeDecodeStream(skipSpecialTokens: true)
    let ids = (0..<8).map { _ in UInt32.random(in: 0...12, using: &random) } + [.max]
    for id in ids { _ = try? stream.step(id) }
    _ = stream.flush()
    _ = tokenizer.decode(ids)
  }
}
