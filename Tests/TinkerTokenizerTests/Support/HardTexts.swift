/// Texts that once were split wrongly, or that stand on the edge of a rule.
enum HardTexts {
  static let all = [
    // DeepSeek: the third pattern cuts inside a run of kana.
    "\u{309A}\u{309B}", "アイ・ウ", "\u{309C}カ", "、\u{30A0}\u{3097}\u{3098}カ", "a\u{30FB}b",
    " \u{30FB}",
    // A prefix in front of marks, numbers and ideographs.
    "\u{301}A", "\u{301}\u{301}AB", "\u{0}é", "\u{0}\u{0}é", "\u{0}1", "\u{0}漢", " 1", " 漢", "\t漢",
    "\r漢",
    // Contractions.
    "'ſa", "'S1", "''ll", "'lL's", "a'r", "a're", "'", "x'", "'re\u{301}", "DON'Tx",
    "'\u{C5}\u{BF}",
    // White space.
    " \n \n x", "\u{3000}\u{3000}x", "  \u{85}\u{2028} ", "\r\n\r\nx", " \u{3000}1", "!\n\n \n",
    "/\n/\n",
    " \u{301}", "  \u{301}", "\u{A0}\u{A0}!", " \r", "\n ", "x \n",
    // Case.
    "HTTPServer", "ǅungla", "ʰA", "Aʰ", "AʰB", "漢A字", "\u{2E80}A", "\u{3007}1", "AB\u{301}C", "éÉé",
    // White space over several blocks.
    "\n" + String(repeating: " ", count: 130) + "\nx",
    "\n" + String(repeating: " ", count: 130) + "x",
    "!\n" + String(repeating: "\u{3000}", count: 70) + "\rx",
    "\n" + String(repeating: "\u{3000}", count: 70) + "1", String(repeating: " \n", count: 70),
    // A symbol takes ASCII letters only.
    "!abcé", " !abc", "!!abc", "！abc", "!é", "." + String(repeating: "a", count: 70) + "é",
    "_\u{301}a",
    // Numbers in threes across scripts.
    "1234567", "12٣4½Ⅻ7", "１２３４",
  ]

  /// Characters that the rules tell apart, with more weight than they have in real text.
  private static let characters: [String] = [
    "a", "z", "S", "T", "é", "É", "ſ", "s", "t", "l", "L", "r", "e", "v", "m", "d", "'", "'", "'s",
    "'LL",
    " ", " ", "  ", "\n", "\r", "\r\n", "\t", "\u{85}", "\u{A0}", "\u{2028}", "\u{3000}",
    "\u{180E}",
    "1", "22", "٣", "½", "Ⅻ", "！", "!", "/", "-", "_", "$", "€", "\u{301}", "\u{309A}", "\u{94D}",
    "\u{0}",
    "\u{200B}", "\u{AD}", "\u{E000}", "漢", "あ", "カ", "・", "\u{309B}", "\u{2E80}", "\u{3007}", "ʰ",
    "ǅ",
    "\u{31350}", "\u{323B0}", "😀", "🏽", "\u{1D7D8}", "\u{105D2}",
  ]

  /// A text of up to some characters, now and then of long runs of one.
  static func random(atMost limit: Int, using random: inout SplitMix) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...limit, using: &random) {
      let character = characters.randomElement(using: &random) ?? ""
      let isRun = Int.random(in: 0..<16, using: &random) == 0
      let count = isRun ? Int.random(in: 1...140, using: &random) : 1
      text += String(repeating: character, count: count)
    }
    return text
  }
}
