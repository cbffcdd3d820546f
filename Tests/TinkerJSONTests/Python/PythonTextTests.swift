import Testing
import TinkerJSON

@Suite struct PythonTextTests {
  @Test(arguments: [
    ("  a b \n", "a b"), ("\u{1C}\u{1F}x\u{85}", "x"), ("\u{200B}x", "\u{200B}x"),
    ("\u{FEFF}x\u{3000}", "\u{FEFF}x"), (" \r\n", ""), ("", ""), ("\u{180E}x", "\u{180E}x"),
    ("e\u{301} ", "e\u{301}"), (" \u{301}x", "\u{301}x"),
  ])
  func strips(text: String, expected: String) {
    let stripped = String(PythonText.strip(text[...]))
    #expect(Array(stripped.unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test func stripsOnlyNewlines() {
    #expect(PythonText.stripNewlines("\n\n a\n \n"[...]) == " a\n ")
    #expect(PythonText.stripNewlines("\n\n"[...]) == "")
    // A carriage return before the newline is a scalar of its own.
    #expect(Array(PythonText.stripNewlinesAtStart("\r\nx"[...]).utf8) == Array("\r\nx".utf8))
    #expect(Array(PythonText.stripNewlinesAtStart("\n\r\nx"[...]).utf8) == Array("\r\nx".utf8))
    #expect(Array(PythonText.stripNewlines("x\r\n"[...]).utf8) == Array("x\r".utf8))
  }

  @Test(arguments: [
    ("aSSistant", "Assistant"), ("éric smith", "Éric smith"), ("ǆX", "ǅx"), ("ßA", "Ssa"),
    ("ΑΣ", "Ας"), ("ΑΣΑ", "Ασα"), ("ΑΣ. Σ", "Ας. σ"), ("İI", "İi"), ("", ""), ("1A", "1a"),
    ("ﬁX", "Fix"),
  ])
  func capitalizes(text: String, expected: String) {
    #expect(Array(PythonText.capitalize(text).utf8) == Array(expected.utf8))
  }

  @Test func knowsWordScalars() {
    for scalar in "aZ09_éß漢д²Ⅷ٣ªʰ".unicodeScalars { #expect(PythonText.isWord(scalar)) }
    for scalar in "-. \u{301}\u{200D}🙂|".unicodeScalars { #expect(!PythonText.isWord(scalar)) }
  }
}
