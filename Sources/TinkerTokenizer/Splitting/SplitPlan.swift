import TinkerJSON

/// The steps of a pre-tokenizer in the form in which they are done.
struct SplitPlan: Sendable {
  private var steps: [SplitStep] = []
  private(set) var endsInByteLevel = false
  private(set) var addsPrefixSpace = false
  /// What `ByteLevel` does behind the space that it puts in.
  private var lastStep: SplitStep?
  /// The scheme, if it is the only step and keeps all pieces.
  private(set) var onlyScheme: SplitScheme?

  /// No steps: a text is one piece.
  init() {}

  init(_ field: FieldValue) throws(TokenizerError) {
    try read(field)
    let all = steps + (lastStep.map { [$0] } ?? [])
    if all.count == 1, all[0].behavior == .isolated, case .scheme(let scheme) = all[0].target {
      onlyScheme = scheme
    }
  }

  /// The pieces of a text when no space is put in.
  func split(_ text: Span<UInt8>) -> [Range<Int>] {
    var pieces = text.isEmpty ? [] : [0..<text.count]
    for step in steps { pieces = step.split(text, pieces: pieces) }
    if let lastStep { pieces = lastStep.split(text, pieces: pieces) }
    return pieces
  }

  /// The pieces of a text with a space before each; text that was left out is gone.
  func splitAddingSpaces(_ text: inout AlignedText) -> [Range<Int>] {
    var pieces = text.bytes.isEmpty ? [] : [0..<text.bytes.count]
    for step in steps { pieces = step.split(text.bytes.span, pieces: pieces) }
    var rewriter = TextRewriter(text)
    pieces = pieces.map { piece in
      let start = rewriter.result.bytes.count
      if text.bytes[piece.lowerBound] != 0x20 { rewriter.write([0x20], at: piece.lowerBound) }
      rewriter.copy(piece)
      return start..<rewriter.result.bytes.count
    }
    text = rewriter.result
    return lastStep?.split(text.bytes.span, pieces: pieces) ?? pieces
  }

  // MARK: Reading

  private mutating func read(_ field: FieldValue) throws(TokenizerError) {
    let members = try field.object()
    let type = try members.required("type")
    let name = try type.text().description
    guard !endsInByteLevel else {
      throw .unsupported(field: type.field, value: "\(name) behind ByteLevel")
    }
    switch name {
    case "Sequence": try readSequence(members.required("pretokenizers").array())
    case "Split": steps.append(try Self.splitStep(members))
    case "ByteLevel": try readByteLevel(members)
    case "Digits":
      let isIndividual = try members.required("individual_digits").bool()
      steps.append(
        SplitStep(
          target: .characters(CharacterClass.digits),
          behavior: isIndividual ? .isolated : .contiguous))
    case "Punctuation":
      steps.append(
        SplitStep(
          target: .characters(CharacterClass.punctuation),
          behavior: try members["behavior"].map(DelimiterBehavior.init) ?? .isolated))
    case "WhitespaceSplit":
      steps.append(
        SplitStep(target: .characters(CharacterClass.whiteSpace), behavior: .removed))
    case "Whitespace": steps += Self.whiteSpaceSteps
    default: throw type.unsupported
    }
  }

  private mutating func readSequence(_ parts: [FieldValue]) throws(TokenizerError) {
    var rest = parts[...]
    while let part = rest.first {
      let patterns = rest.prefix(SplitScheme.deepSeekPatterns.count).map(Self.isolatedPattern)
      if patterns == SplitScheme.deepSeekPatterns {
        steps.append(SplitStep(target: .scheme(.deepSeek), behavior: .isolated))
        rest = rest.dropFirst(patterns.count)
      } else {
        try read(part)
        rest = rest.dropFirst()
      }
    }
  }

  private mutating func readByteLevel(_ members: FieldValue.Members) throws(TokenizerError) {
    endsInByteLevel = true
    addsPrefixSpace = try members.required("add_prefix_space").bool()
    if try members["use_regex"]?.bool() ?? true {
      lastStep = SplitStep(target: .scheme(.gpt2), behavior: .isolated)
    }
  }

  private static func splitStep(
    _ members: FieldValue.Members
  ) throws(TokenizerError) -> SplitStep {
    let pattern = try members.required("pattern")
    let behavior = try DelimiterBehavior(members.required("behavior"))
    let isInverted = try members.required("invert").bool()
    if let text = pattern.value["Regex"]?.text, let scheme = SplitScheme(pattern: text) {
      // A scheme matches everywhere, so its gaps are nothing that could be removed or joined.
      let keepsAll = behavior == .isolated || behavior == .removed && isInverted
      return SplitStep(
        target: .scheme(scheme), behavior: keepsAll ? .isolated : behavior, isInverted: isInverted)
    }
    return SplitStep(
      target: .pattern(try TextPattern(pattern)), behavior: behavior, isInverted: isInverted)
  }

  /// The pattern of a split that isolates what it finds; `nil` for every other step.
  private static func isolatedPattern(_ field: FieldValue) -> String? {
    let value = field.value
    guard value["type"]?.text == "Split", value["behavior"]?.text == "Isolated",
      value["invert"]?.bool == false
    else { return nil }
    return value["pattern"]?["Regex"]?.text.map(SplitScheme.canonical)
  }

  /// `\w+|[^\w\s]+` of the reference's other regex engine: white space goes, and then words and what is
  /// between them are cut apart.
  private static let whiteSpaceSteps = [
    SplitStep(target: .characters(CharacterClass.whiteSpace), behavior: .removed),
    SplitStep(target: .characters(CharacterClass.words), behavior: .contiguous),
  ]
}
