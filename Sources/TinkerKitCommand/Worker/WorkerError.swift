import TinkerKit

/// Why a request is not answered; becomes the `error` of a reply.
struct WorkerError: Error {
  /// The kind as the protocol spells it.
  let kind: String
  /// A sentence that a person can act on.
  let message: String
  /// The place in the request.
  let path: String?

  /// A request whose line or keys are wrong.
  static func request(_ message: String, path: String? = nil) -> WorkerError {
    WorkerError(kind: "request", message: message, path: path)
  }

  /// Something that this worker cannot do.
  static func unsupported(_ message: String) -> WorkerError {
    WorkerError(kind: "unsupported", message: message, path: nil)
  }

  init(kind: String, message: String, path: String?) {
    self.kind = kind
    self.message = message
    self.path = path
  }

  /// A value of the request that is not what its key needs.
  init(_ error: JSONError, path: String) {
    // The key is the place; line and column within the value would mislead.
    self.init(kind: "request", message: error.message, path: path)
  }

  /// A number that no id can be.
  init(notAnID number: JSONNumber, path: String) {
    switch number {
    case .double:
      self.init(kind: "request", message: "\(number.pythonText) is not an integer", path: path)
    case .integer, .bigInteger:
      self.init(
        kind: "tokenizer",
        message: "\(number.pythonText.prefix(40)) is not an id: ids are 0 to 4294967295",
        path: path)
    }
  }

  init(_ error: RenderingError) {
    self.init(kind: error.kindName, message: error.message, path: error.path)
  }

  init(_ error: TokenizerError) {
    self.init(kind: "tokenizer", message: error.description, path: nil)
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("kind")
    writer.string(kind)
    writer.key("message")
    writer.string(message)
    if let path {
      writer.key("path")
      writer.string(path)
    }
    writer.endObject()
  }
}
