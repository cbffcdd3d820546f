import ArgumentParser
import TinkerFiles
import TinkerKit

/// Reads conversations one by one, for commands that look at a few of them.
struct ConversationInput {
  /// A conversation with its place.
  struct Record {
    let conversation: Conversation
    /// The messages as they are rendered: with the declaration of tools.
    let messages: [Message]
    /// `data.jsonl:17`
    let place: String
  }

  let inputs: [String]
  let form: RecordForm?
  let limit: Int?

  /// Hands out each record.
  ///
  /// - Throws: `CommandFailure` with the place, also for what `body` cannot render.
  func forEach(
    renderer: Renderer, _ body: (Record) throws(RenderingError) -> Void
  ) throws(CommandFailure) {
    try forEachConversation { (conversation, place) throws(RenderingError) in
      try body(
        Record(
          conversation: conversation, messages: try renderer.messages(of: conversation),
          place: place))
    }
  }

  /// Hands out each conversation with its place.
  ///
  /// - Throws: `CommandFailure` with the place, also for what `body` throws.
  func forEachConversation(
    _ body: (Conversation, String) throws(RenderingError) -> Void
  ) throws(CommandFailure) {
    var source = RecordSource(paths: inputs, form: form, limit: limit)
    while true {
      let next: RecordSource.Batch?
      do throws(FileError) { next = try source.next() } catch { throw CommandFailure(error) }
      guard let batch = next else { return }
      for index in 0..<batch.lines.count {
        let line = batch.lines.line(at: index)
        let number = batch.lines.number(at: index)
        do throws(RenderingError) {
          let conversation = try Conversation(record: line, form: batch.form)
          try body(conversation, "\(batch.file):\(number)")
        } catch {
          let fault = RecordFault(error, file: batch.file, line: number, bytes: line)
          throw CommandFailure(.badInput, fault.message)
        }
      }
    }
  }
}
