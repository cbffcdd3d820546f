/// The patterns by which files ask for a scheme.
extension SplitScheme {
  /// The scheme of a pattern, if it has one. Whether CR and LF are spelled out or escaped does not
  /// matter.
  init?(pattern: String) {
    guard let scheme = Self.patterns[Self.canonical(pattern)] else { return nil }
    self = scheme
  }

  /// The pattern with CR and LF escaped.
  static func canonical(_ pattern: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in pattern.unicodeScalars {
      switch scalar {
      case "\r": result.append(contentsOf: #"\r"#.unicodeScalars)
      case "\n": result.append(contentsOf: #"\n"#.unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The patterns of ``deepSeek``, one after the other.
  static let deepSeekPatterns = [
    #"\p{N}{1,3}"#,
    "[\u{4E00}-\u{9FA5}\u{3040}-\u{309F}\u{30A0}-\u{30FF}]+",
    ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
      + #"| ?[\p{P}\p{S}]+[\r\n]*|"# + whiteSpace,
  ]

  private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
  private static let whiteSpace = #"\s*[\r\n]+|\s+(?!\S)|\s+"#

  private static let patterns: [String: SplitScheme] = {
    let others = #"| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + whiteSpace
    let letters = contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|"#
    let markedLetters =
      contractions + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"#
    return [
      #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: .gpt2,
      letters + #"\p{N}{1,3}"# + others: .cl100k,
      letters + #"\p{N}"# + others: .qwen2,
      markedLetters + whiteSpace: .qwen35,
      casedWords(intersection: "")
        + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + whiteSpace: .o200k,
      #"[\p{Han}]+|"# + casedWords(intersection: #"&&[^\p{Han}]"#) + #"|\p{N}{1,3}"# + others:
        .kimi,
    ]
  }()

  private static func casedWords(intersection: String) -> String {
    let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}"# + intersection + "]"
    let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}"# + intersection + "]"
    let before = #"[^\r\n\p{L}\p{N}]?"#
    return "\(before)\(upper)*\(lower)+\(contractions)?|\(before)\(upper)+\(lower)*\(contractions)?"
  }
}
