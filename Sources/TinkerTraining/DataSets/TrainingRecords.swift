internal import TinkerFiles
internal import TinkerJSON
public import TinkerRendering

/// Records of files, in JSON Lines.
public enum TrainingRecords {
  /// The conversations of a file: OpenAI's, ShareGPT's or Alpaca's form, told by the keys of the first.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - form: How the records are written; `nil` tells by the keys of the first.
  /// - Returns: All conversations; empty lines are passed over.
  /// - Throws: `FileError`, or ``TrainingError/data(place:_:)`` that names file and line.
  public static func conversations(
    path: String, form: RecordForm? = nil
  ) throws -> [Conversation] {
    var known = form
    return try lines(path) { line throws(RenderingError) in
      if known == nil {
        var reader = JSONReader(line.span)
        known = try RecordForm(recognizing: &reader)
      }
      return try Conversation(record: line.span, form: known)
    }
  }

  /// A question with its answer.
  public struct Question: Sendable, Hashable {
    /// The messages that ask.
    public var messages: [Message]
    /// The right answer.
    public var answer: String
  }

  /// The questions of a file: `{"messages":[…],"answer":"…"}`; without `answer` the last message, an
  /// assistant's, is the answer.
  ///
  /// - Throws: `FileError`, or ``TrainingError/data(place:_:)`` that names file and line.
  public static func questions(path: String) throws -> [Question] {
    try lines(path) { line throws(RenderingError) in
      let record = try Conversation(record: line.span, form: .openai, keepsOthers: true)
      if let answer = record.others["answer"]?.text {
        return Question(messages: record.messages, answer: answer)
      }
      guard let last = record.messages.last, last.role == Role.assistant else {
        throw RenderingError(
          .conversation, "a question needs the key 'answer', or an assistant's message at its end")
      }
      return Question(
        messages: Array(record.messages.dropLast()), answer: last.content.joinedText)
    }
  }

  /// The pairs of a file: `{"prompt":[…],"chosen":[…],"rejected":[…]}`; `prompt` may be missing, and then
  /// the other two are whole conversations.
  ///
  /// - Throws: `FileError`, or ``TrainingError/data(place:_:)`` that names file and line.
  public static func pairs(path: String) throws -> [PreferencePair] {
    try lines(path) { line throws(RenderingError) in
      let value: JSONValue
      do throws(JSONError) { value = try JSONValue.parse(line) } catch {
        throw RenderingError(error)
      }
      func messages(_ key: String) throws(RenderingError) -> [Message]? {
        guard let list = value[key] else { return nil }
        let record = JSONValue.object(["messages": list]).serialized(.compact)
        do throws(RenderingError) {
          return try Conversation(record: record.utf8.span, form: .openai).messages
        } catch { throw error.inside(key) }
      }
      let prompt = try messages("prompt") ?? []
      guard let chosen = try messages("chosen"), let rejected = try messages("rejected") else {
        throw RenderingError(.conversation, "a pair needs the keys 'chosen' and 'rejected'")
      }
      return PreferencePair(chosen: prompt + chosen, rejected: prompt + rejected)
    }
  }

  private static func lines<Record>(
    _ path: String, _ read: ([UInt8]) throws(RenderingError) -> Record
  ) throws -> [Record] {
    var out: [Record] = []
    var reader = try LineReader(path: path)
    while try reader.next() {
      var line: [UInt8] = []
      for index in reader.line.indices { line.append(reader.line[index]) }
      if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { continue }
      do throws(RenderingError) { out.append(try read(line)) } catch {
        throw TrainingError.data(place: "\(reader.name):\(reader.lineNumber)", "\(error)")
      }
    }
    return out
  }
}
