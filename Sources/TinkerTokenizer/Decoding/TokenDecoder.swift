import TinkerJSON

/// The `decoder` field: the strings of tokens to text.
struct TokenDecoder: Sendable {
  /// A step that takes a list of strings and gives one.
  enum Step: Sendable {
    /// Characters of the byte alphabet become bytes, and all bytes one text.
    case byteLevel
    /// Runs of `<0xXX>` become the text of their bytes.
    case byteFallback
    /// All strings become one.
    case fuse
    /// Up to so many of a character go from the ends of each string.
    case strip(content: Unicode.Scalar, start: Int, stop: Int)
    /// A text is replaced in each string.
    case replace(Normalizer)
  }

  /// The steps in order; `nil` if there is no decoder, which joins the strings with spaces.
  private(set) var steps: [Step]?

  /// Whether the decoder is `ByteLevel` alone, so that the bytes of tokens are simply joined.
  var isByteLevel: Bool {
    guard let steps, steps.count == 1, case .byteLevel = steps[0] else { return false }
    return true
  }

  /// Reads the `decoder` field.
  init(json: JSONValue?) throws(TokenizerError) {
    guard let json, json != .null else { return }
    var steps: [Step] = []
    try Self.read(FieldValue(json, field: "decoder"), into: &steps)
    self.steps = steps
  }

  private static func read(_ field: FieldValue, into steps: inout [Step]) throws(TokenizerError) {
    let members = try field.object()
    let type = try members.required("type")
    switch try type.text() {
    case "ByteLevel": steps.append(.byteLevel)
    case "ByteFallback": steps.append(.byteFallback)
    case "Fuse": steps.append(.fuse)
    case "Strip":
      let content = try members.required("content")
      let scalars = (try content.text().text ?? "").unicodeScalars
      guard scalars.count == 1, let scalar = scalars.first else {
        throw content.wrong("a character")
      }
      steps.append(
        .strip(
          content: scalar, start: try members.required("start").count(),
          stop: try members.required("stop").count()))
    case "Replace":
      // The normalizer of the same name has the same fields and does the same to one string.
      steps.append(.replace(try Normalizer(json: field.value)))
    case "Sequence":
      for decoder in try members.required("decoders").array() { try read(decoder, into: &steps) }
    default: throw type.unsupported
    }
  }

  /// The text of token strings.
  func decode(_ tokens: [[UInt8]]) -> [UInt8] {
    guard let steps else { return Array(tokens.joined(separator: [0x20])) }
    var strings = tokens
    for step in steps { strings = Self.apply(step, to: strings) }
    return Array(strings.joined())
  }

  private static func apply(_ step: Step, to strings: [[UInt8]]) -> [[UInt8]] {
    switch step {
    case .byteLevel:
      var bytes: [UInt8] = []
      for string in strings where !ByteAlphabet.append(bytesOf: string.span, to: &bytes) {
        bytes.append(contentsOf: string)
      }
      return [LossyUTF8.repaired(bytes)]
    case .byteFallback: return ByteFallbackRuns.decode(strings)
    case .fuse: return [Array(strings.joined())]
    case .strip(let content, let start, let stop):
      return strings.map { strip($0, content, start, stop) }
    case .replace(let normalizer):
      return strings.map { normalizer.normalize($0.span) ?? $0 }
    }
  }

  private static func strip(
    _ string: [UInt8], _ content: Unicode.Scalar, _ start: Int, _ stop: Int
  ) -> [UInt8] {
    let mark = Array(String(content).utf8)
    var rest = string[...]
    for _ in 0..<start {
      guard rest.starts(with: mark) else { break }
      rest = rest.dropFirst(mark.count)
    }
    for _ in 0..<stop {
      guard rest.count >= mark.count, rest.suffix(mark.count).elementsEqual(mark) else { break }
      rest = rest.dropLast(mark.count)
    }
    return Array(rest)
  }
}
