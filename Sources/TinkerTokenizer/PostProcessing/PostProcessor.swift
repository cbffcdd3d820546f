import TinkerJSON

/// The `post_processor` field: a template around the ids, and trimmed offsets.
struct PostProcessor: Sendable {
  /// A step, in the order of the file.
  enum Step: Sendable {
    /// `TemplateProcessing`: ids before and behind the text's.
    case template(before: [UInt32], behind: [UInt32])
    /// `ByteLevel` with `trim_offsets`: tokens do not cover the white space at their ends.
    case trimOffsets(addsPrefixSpace: Bool)
  }

  private(set) var steps: [Step] = []

  /// Whether a step looks at offsets.
  var trimsOffsets: Bool {
    steps.contains { if case .trimOffsets = $0 { true } else { false } }
  }

  /// Nothing is done.
  init() {}

  /// Reads the `post_processor` field.
  init(json: JSONValue?) throws(TokenizerError) {
    guard let json, json != .null else { return }
    try read(FieldValue(json, field: "post_processor"))
  }

  private mutating func read(_ field: FieldValue) throws(TokenizerError) {
    let members = try field.object()
    let type = try members.required("type")
    switch try type.text() {
    case "ByteLevel":
      if try members["trim_offsets"]?.bool() ?? true {
        steps.append(
          .trimOffsets(addsPrefixSpace: try members["add_prefix_space"]?.bool() ?? true))
      }
    case "TemplateProcessing": try readTemplate(members)
    case "Sequence":
      for processor in try members.required("processors").array() {
        try read(processor)
      }
    default: throw type.unsupported
    }
  }

  private mutating func readTemplate(_ members: FieldValue.Members) throws(TokenizerError) {
    let single = try members.required("single")
    let tokens = try members["special_tokens"]?.object()
    var sides: [[UInt32]] = [[]]
    for piece in try single.array() {
      let kinds = try piece.object()
      if let sequence = try kinds["Sequence"]?.object() {
        let id = try sequence.required("id")
        if try id.text() != "A" { throw id.wrong("\"A\", the only text") }
        sides.append([])
      } else if let special = try kinds["SpecialToken"]?.object() {
        let name = try special.required("id").text()
        guard let ids = try tokens?[name]?.object().required("ids").array() else {
          throw .tokenOutOfVocabulary(
            field: "\(special.field).id", token: name.description)
        }
        for id in ids {
          let number = try id.count()
          if number > Int(UInt32.max) { throw id.wrong("a number of 32 bits") }
          sides[sides.count - 1].append(UInt32(number))
        }
      } else {
        throw piece.wrong("a Sequence or a SpecialToken")
      }
    }
    guard sides.count == 2 else { throw single.wrong("a template with the text A once") }
    steps.append(.template(before: sides[0], behind: sides[1]))
  }
}
