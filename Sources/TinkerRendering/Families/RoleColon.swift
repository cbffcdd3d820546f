import TinkerJSON
import TinkerTokenizer

/// Plain `Role: text` paragraphs, for base models.
struct RoleColon: ChatFamily {
  let name: String
  let beginning: [UInt32]
  let stopSequences = StopSequences.strings([RoleColon.delimiter])
  let hasExtensionProperty = true
  let supportsStreaming = false

  private static let delimiter = "\n\nUser:"

  private let headers: RoleHeaders
  private let answerOverlap: [UInt32]
  private let otherOverlap: [UInt32]
  private let end: UInt32?
  private let isStrict: Bool

  init(_ setup: FamilySetup) {
    name = setup.name
    beginning = setup.tokenizer.beginningOfSequence.map { setup.encode($0.text) } ?? []
    headers = RoleHeaders(setup) { PythonText.capitalize($0) + ":" }
    answerOverlap = setup.encode("User:")
    // The reference has no stop for these roles and writes this text at the end of an example.
    otherOverlap = setup.encode("<UNUSED>")
    isStrict = setup.isStrict
    end = setup.tokenizer.endOfSequence?.id
  }

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    let text = try message.content.onlyText()
    if isStrict {
      try message.refuseToolCalls(by: name)
      if ByteSearch.contains(Self.delimiter, in: text.utf8.span) {
        throw RenderingError(
          .conversation,
          "the text spells \(name)'s stop sequence, an empty line and 'User:', and would end there",
          at: "content")
      }
    }
    headers.write(message.role, to: &out)
    out.framing(" ")
    out.content(text)
    out.stop("\n\n")
    out.endChunk()
    if message.role == Role.assistant {
      out.stopOverlap(answerOverlap)
    } else if !isStrict {
      out.stopOverlap(otherOverlap)
    }
  }

  func parse(
    _ tokens: [UInt32], finish: ParseFinish, tokenizer: Tokenizer
  ) throws(RenderingError) -> ParsedResponse {
    let hasEnd = end != nil && tokens.last == end
    let text = tokenizer.decode(hasEnd ? Array(tokens.dropLast()) : tokens)
    let places = ByteSearch.places(of: Self.delimiter, in: text.utf8.span)
    var bytes = Array(text.utf8)[...]
    if let first = places.first { bytes = bytes[..<first] }
    if bytes.first == UInt8(ascii: " ") { bytes = bytes.dropFirst() }
    if bytes.suffix(2).elementsEqual("\n\n".utf8) { bytes = bytes.dropLast(2) }
    let termination: ParseTermination =
      switch places.count {
      case 0: hasEnd ? .eos : .malformed
      case 1: hasEnd ? .malformed : .stopSequence
      default: .malformed
      }
    return ParsedResponse(
      message: message(from: String(decoding: bytes, as: UTF8.self)), termination: termination)
  }
}
