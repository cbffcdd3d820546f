import Testing
import TinkerJSON
import TinkerTokenizer

/// The dialect of regular expressions, with pieces that the reference gave.
@Suite struct ExpressionTests {
  static let rows: [(expression: String, text: String, pieces: [String])] = [
    // Case folding reaches into classes, but not into a bare property.
    (#"(?i:\p{Lu}+)"#, "abAB", ["ab", "AB"]),
    (#"(?i:[\p{Lu}]+)"#, "abAB", ["abAB"]),
    ("(?i:[^a]+)", "abAB12", ["a", "b", "A", "B12"]),
    ("(?i:k)", "kK\u{212A}", ["k", "K", "\u{212A}"]),
    ("(?i:ſ)", "sSſ", ["s", "S", "ſ"]),
    ("a(?i)b|c", "aB C c aC", ["aB", " C c ", "aC"]),
    // Lines.
    ("^a", "a\na\n", ["a", "\n", "a", "\n"]),
    ("^", "a\n\nb\n", ["a\n", "\n", "b\n"]),
    ("$", "a\n\nb\n", ["a", "\n", "\nb", "\n"]),
    (#"\Z"#, "ab\n", ["ab", "\n"]),
    (#"\R"#, "\r\n\n", ["\r\n", "\n"]),
    ("(?m:.)+", "a\nb", ["a\nb"]),
    (".+", "a\u{85}\u{2028}\r\nb", ["a\u{85}\u{2028}\r", "\n", "b"]),
    // Repetition: a fixed interval is not lazy, and no interval is possessive.
    ("a{2}?", "aaaa", ["aa", "aa"]),
    ("a{1,2}+", "aaaaa", ["aaaaa"]),
    ("a{,2}b", "aab", ["aab"]),
    ("a{b", "a{b", ["a{b"]),
    ("a**", "aab", ["aa", "b"]),
    ("a++a", "aaa", ["aaa"]),
    ("(?>a+)a", "aaa", ["aaa"]),
    ("a+?", "aa", ["a", "a"]),
    // Empty matches cut, but not directly behind a match.
    ("a*", "baac", ["b", "aa", "c"]),
    ("(?=b)", "xaab", ["xaa", "b"]),
    ("", "abc", ["a", "b", "c"]),
    // Classes.
    ("[]a]", "]a", ["]", "a"]),
    ("[a-z-9]", "a-9", ["a", "-", "9"]),
    ("[^a-z&&b-y]", "abyz", ["a", "by", "z"]),
    (#"[\p{L}&&[^\p{Han}]]+"#, "ab漢字c", ["ab", "漢字", "c"]),
    (#"\h+"#, "0aFg", ["0aF", "g"]),
    (#"\d+"#, "1٣½", ["1٣", "½"]),
    (#"\p{ lu }"#, "aA", ["a", "A"]),
    (#"\p{^L}"#, "a1", ["a", "1"]),
    // Around.
    (#"\bfoo\b"#, "a foo b", ["a ", "foo", " b"]),
    ("(?<=a)b", "ab", ["a", "b"]),
    ("(?<!a)b", "abb", ["ab", "b"]),
    // Spellings.
    (#"\u3042"#, "xあ", ["x", "あ"]),
    (#"\x{1F600}"#, "x😀", ["x", "😀"]),
    ("(?x: a b # comment\n )", "xab", ["x", "ab"]),
    ("(?<name>a)(?#comment)b", "xab", ["x", "ab"]),
    // Unicode 16.0: U+31350 is a letter, U+323B0 is not assigned.
    (#"\p{L}"#, "\u{31350}\u{323B0}", ["\u{31350}", "\u{323B0}"]),
  ]

  @Test(arguments: rows.indices) func splits(_ index: Int) throws {
    let row = Self.rows[index]
    let split = try PreTokenizer(json: isolatedSplit(row.expression))
    #expect(pieces(of: row.text, split) == row.pieces, "\(row.expression)")
  }

  static let unsupported = [
    #"(a)\1"#: #"\1"#, #"\k<a>"#: #"\k"#, #"\G"#: #"\G"#, #"\X"#: #"\X"#, #"\K"#: #"\K"#,
    "[[:alpha:]]": "[:…:]", #"\p{Greek}"#: #"\p{Greek}"#, "(?~a)": "(?~", "(?W:a)": "(?W",
    #"\xE3"#: #"\x with a byte above 7F"#,
  ]

  @Test func namesWhatIsNotSupported() {
    for (expression, part) in Self.unsupported {
      let json = JSONValue.string(JSONString(expression)).serialized(.python)
      #expect(
        throws: TokenizerError.unsupported(
          field: "pre_tokenizer.pattern.Regex", value: "\(json) with \(part)"), "\(expression)"
      ) { try PreTokenizer(json: isolatedSplit(expression)) }
    }
  }

  static let malformed = [
    "(", ")", "[", "[a", "*a", "+", "a{3,1}", "[z-a]", #"\"#, #"\x{110000}"#, #"\x{D800}"#,
    #"\u12"#,
    #"\p{L"#, #"\pL"#, "(?<a", "(?", "(?i", "(?#", "a{70000}", "(?<=a+)b",
    String(repeating: "(", count: 200_000), String(repeating: "[", count: 200_000),
    "a" + String(repeating: "*", count: 200_000), String(repeating: "(?i)", count: 100_000),
    String(repeating: "(?:a{65535}", count: 50) + String(repeating: "){65535}", count: 50),
  ]

  @Test func refusesWhatIsNoExpression() {
    for expression in Self.malformed {
      do {
        _ = try PreTokenizer(json: isolatedSplit(expression))
        Issue.record("\(expression.prefix(40)) was taken")
      } catch {
        let text = error.description
        #expect(text.hasPrefix("pre_tokenizer.pattern.Regex is "), "\(text)")
      }
    }
  }

  /// A search that tries everything gives up and leaves the rest whole; the reference ends there.
  @Test(.timeLimit(.minutes(1))) func endsWhereASearchIsHopeless() throws {
    let text = String(repeating: "a", count: 5_000) + "b"
    for expression in ["(a|aa)+c", "(a*)*c", "(?:a+)+$c", "(?:(?:a|b|ab)*)*c"] {
      let split = try PreTokenizer(json: isolatedSplit(expression))
      #expect(pieces(of: text, split) == [text], "\(expression)")
    }
  }

  /// Far more repetitions than the compiled code has stack for.
  @Test func searchesLongTexts() throws {
    let split = try PreTokenizer(json: isolatedSplit("(?:ab|a)+"))
    let text = String(repeating: "ab", count: 100_000)
    #expect(pieces(of: text + "c", split) == [text, "c"])
  }
}
