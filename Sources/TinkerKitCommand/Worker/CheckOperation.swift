import TinkerKit

/// The audit of the messages of one request.
struct CheckOperation {
  let renderer: Renderer
  let settings: AuditSettings

  func answer(
    _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    let messages = try request.messages()
    var settings = settings
    if let trainOn = try request.choice("train_on", of: TrainOn.self) {
      settings.records.trainOn = trainOn
    }
    let nullFields = NullFields(inMessages: try request.bytes("messages"))
    var audit = ConversationAudit(renderer: renderer, settings: settings)
    let record = audit.audit(Conversation(messages: messages), nullFields: nullFields)
    writer.beginObject()
    writer.key("findings")
    writer.beginArray()
    for finding in ConversationAudit.findings(of: renderer, settings: settings) + record.findings {
      finding.write(to: &writer)
    }
    writer.endArray()
    writer.endObject()
  }
}
