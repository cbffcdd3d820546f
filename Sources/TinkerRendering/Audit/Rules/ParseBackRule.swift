import TinkerJSON

/// Whether what the model is taught to say reads as the message that was meant.
enum ParseBackRule {
  static func check(_ audited: AuditedExample, _ list: inout FindingList) {
    guard list.wants(.doesNotParseBack) else { return }
    for message in audited.trainedAnswers {
      // Said by another finding already.
      if LostContentRules.losesReasoning(message, in: audited) { continue }
      guard let fault = fault(of: message, in: audited) else { continue }
      list.add(.doesNotParseBack, fault, at: audited.place(message: message))
    }
  }

  private static func fault(of index: Int, in audited: AuditedExample) -> String? {
    var tokens: [UInt32] = []
    for segment in audited.segments(of: index) where segment.isSampled {
      tokens += audited.example.tokens[segment.range]
    }
    let response: ParsedResponse
    do throws(RenderingError) { response = try audited.context.renderer.parse(tokens) } catch {
      return "the answer cannot be parsed: \(error.message)"
    }
    let isLast = index + 1 == audited.end
    if isLast, !response.termination.isClean {
      return "the answer does not end as a response does: its stop sequence is missing or doubled"
    }
    let meant = MessageText(audited.context.messages[index])
    let found = MessageText(response.message)
    return meant.difference(from: found)
  }
}

/// A message for comparison: its text and reasoning in one, white space at their ends left out, and
/// its calls as JSON.
package struct MessageText: Equatable {
  private let pieces: [String]
  private let calls: [(name: String, arguments: JSONValue?)]

  /// What a message says.
  package init(_ message: Message) {
    var flat = ""
    for part in message.content.asParts {
      switch part {
      case .text(let text): flat += text
      case .thinking(let text):
        if !PythonText.isBlank(text[...]) { flat += "<think>\(text)</think>" }
      case .image, .other: continue
      }
    }
    pieces = Self.pieces(of: flat)
    calls = (message.toolCalls ?? []).map { ($0.name, try? JSONValue.parse($0.arguments)) }
  }

  /// Equality of what is said.
  package static func == (left: MessageText, right: MessageText) -> Bool {
    left.difference(from: right) == nil
  }

  /// The text between tags, stripped; each tag is a piece of its own.
  private static func pieces(of text: String) -> [String] {
    guard ByteSearch.contains("think>", in: text.utf8.span) else {
      let stripped = String(PythonText.strip(text[...]))
      return stripped.isEmpty ? [] : [stripped]
    }
    var out: [String] = []
    var rest = Array(text.utf8)[...]
    while let (place, tag) = nextTag(in: rest) {
      append(rest[..<place], to: &out)
      out.append(tag)
      rest = rest[(place + tag.utf8.count)...]
    }
    append(rest, to: &out)
    // A block without reasoning says nothing.
    var index = 0
    while index + 1 < out.count {
      if out[index] == "<think>", out[index + 1] == "</think>" {
        out.removeSubrange(index...index + 1)
      } else {
        index += 1
      }
    }
    return out
  }

  private static func nextTag(in bytes: ArraySlice<UInt8>) -> (place: Int, tag: String)? {
    let whole = Array(bytes)
    let found = ["<think>", "</think>"].compactMap { tag in
      ByteSearch.first(tag.utf8.span, in: whole.span, from: 0).map { ($0 + bytes.startIndex, tag) }
    }
    return found.min { $0.0 < $1.0 }.map { (place: $0.0, tag: $0.1) }
  }

  private static func append(_ bytes: ArraySlice<UInt8>, to out: inout [String]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let stripped = String(PythonText.strip(text[...]))
    if !stripped.isEmpty { out.append(stripped) }
  }

  /// What differs, as a sentence, or `nil`.
  package func difference(from found: MessageText) -> String? {
    let meant = pieces.joined(separator: "\n")
    let read = found.pieces.joined(separator: "\n")
    if !meant.utf8.elementsEqual(read.utf8) {
      let (a, b) = Self.aroundDifference(meant, read)
      return "the answer parses into other text: \(b) instead of \(a)"
    }
    if calls.count != found.calls.count {
      return "the answer has \(calls.count) tool calls and parses into \(found.calls.count)"
    }
    for (call, other) in zip(calls, found.calls) {
      if call.name != other.name {
        return "the call of \(AuditContext.quoted(call.name)) parses into one of "
          + AuditContext.quoted(other.name)
      }
      if call.arguments != other.arguments {
        return "the arguments of \(call.name) parse into others: "
          + AuditContext.quoted(other.arguments?.serialized(.compact) ?? "none", limit: 80)
      }
    }
    return nil
  }

  private static func aroundDifference(_ a: String, _ b: String) -> (String, String) {
    let same = zip(a.unicodeScalars, b.unicodeScalars).prefix { $0 == $1 }.reduce(0) { n, _ in n + 1
    }
    let start = max(0, same - 12)
    return (
      AuditContext.quoted(String(a.unicodeScalars.dropFirst(start))),
      AuditContext.quoted(String(b.unicodeScalars.dropFirst(start)))
    )
  }
}
