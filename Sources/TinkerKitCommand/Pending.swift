import TinkerKit

// Interim: the command's view of the renderer's interface until the library has it.
extension Renderer {
  static func recommendedName(forModel model: String) throws(RenderingError) -> String {
    throw RenderingError(.request, "pending")
  }
  static var names: [String] { [] }
  init(named name: String, tokenizer: Tokenizer, options: JSONObject) throws(RenderingError) {
    throw RenderingError(.request, "pending")
  }
}
extension ParsedResponse { var failure: ParseFailure? { nil } }
extension Message {
  static func messages(reading reader: inout JSONReader) throws(RenderingError) -> [Message] { [] }
  func write(to writer: inout JSONWriter) throws(RenderingError) {}
}
