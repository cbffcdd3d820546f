import TinkerFiles
import TinkerKit

/// Answers requests, one line each, as the worker protocol says.
struct Worker: ~Copyable {
  /// What the worker was told at its start.
  struct Setup {
    var tokenizer: Tokenizer?
    /// The path as it was given.
    var tokenizerPath: String?
    /// The file that was read, for its digest.
    var tokenizerFile: String?
    var renderer: Renderer?
    /// What the operation `render` does, as the command of that name.
    var settings = RecordSettings()
    /// What was said about images.
    var images = ImageSetup()
  }

  private let setup: Setup
  private var records: RecordRenderer?

  init(_ setup: Setup) {
    self.setup = setup
    records = setup.renderer.map { RecordRenderer(renderer: $0, settings: setup.settings) }
  }

  /// Writes the reply to one line. There is one for every line, whatever it holds.
  mutating func reply(to line: Span<UInt8>, number: Int, into writer: inout JSONWriter) {
    var id = JSONValue.null
    writer.reset()
    do throws(WorkerError) {
      let request: WorkerRequest
      do {
        request = try WorkerRequest(line, id: &id)
      } catch {
        writer.beginObject()
        writer.key("id")
        writer.null()
        writer.key("line")
        writer.integer(number)
        writer.key("error")
        WorkerError.request(
          "the line is not a JSON object: \(error.message): column \(error.column)"
        ).write(to: &writer)
        writer.endObject()
        return
      }
      begin(&writer, id: id, member: "ok")
      try answer(request, into: &writer)
    } catch {
      // What was written before the fault was found is dropped with its line.
      writer.reset()
      begin(&writer, id: id, member: "error")
      error.write(to: &writer)
    }
    writer.endObject()
  }

  /// Writes the reply to a line that could not be read at all.
  func reply(toUnreadableLine number: Int, reason: String, into writer: inout JSONWriter) {
    writer.reset()
    writer.beginObject()
    writer.key("id")
    writer.null()
    writer.key("line")
    writer.integer(number)
    writer.key("error")
    WorkerError.request(reason).write(to: &writer)
    writer.endObject()
  }

  private func begin(_ writer: inout JSONWriter, id: JSONValue, member: String) {
    writer.beginObject()
    writer.key("id")
    writer.value(id)
    writer.key(member)
  }

  private mutating func answer(
    _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    let operation = try request.operation()
    switch operation {
    case .ping:
      writer.beginObject()
      writer.endObject()
    case .info:
      try InfoOperation.answer(setup, into: &writer)
    case .encode, .decode, .decodeStream, .count:
      let operations = TextOperations(tokenizer: try tokenizer(for: operation))
      try operations.answer(operation, request, into: &writer)
    case .render:
      _ = try renderer(for: operation)
      try renderLines(request, into: &writer)
    case .check:
      let settings = AuditSettings(
        records: setup.settings, maximumLength: setup.settings.maximumLength)
      try CheckOperation(renderer: try renderer(for: operation), settings: settings)
        .answer(request, into: &writer)
    case .supervised, .examples, .segments, .prompt, .parse, .stream, .tools, .openai:
      let operations = ConversationOperations(renderer: try renderer(for: operation))
      try operations.answer(operation, request, into: &writer)
    case .image, .imageSize, .imageDecode, .imageResize, .imageChunk:
      try ImageOperations(setup: setup.images).answer(operation, request, into: &writer)
    }
  }

  /// Writes exactly the lines that the command `render` writes for the record.
  private mutating func renderLines(
    _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    let record = try request.bytes("conversation")
    let line = try request.optionalInteger("line")
    var lines: [UInt8] = []
    do throws(RenderingError) {
      _ = try records?.append(record, to: &lines)
    } catch {
      let fault = WorkerError(error.inside("conversation"))
      let place = line.map { "line \($0): " } ?? ""
      throw WorkerError(kind: fault.kind, message: place + fault.message, path: fault.path)
    }
    writer.beginObject()
    writer.key("lines")
    writer.beginArray()
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      writer.string(String(decoding: line, as: UTF8.self))
    }
    writer.endArray()
    writer.endObject()
  }

  private func tokenizer(for operation: WorkerOperation) throws(WorkerError) -> Tokenizer {
    if let tokenizer = setup.tokenizer { return tokenizer }
    throw .request("\(operation.rawValue) needs a worker that was started with --tokenizer")
  }

  private func renderer(for operation: WorkerOperation) throws(WorkerError) -> Renderer {
    if let renderer = setup.renderer { return renderer }
    throw .request(
      "\(operation.rawValue) needs a worker that was started with --tokenizer and --renderer")
  }
}
