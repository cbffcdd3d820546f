import TinkerKit

/// A response as a line of a file holds it.
struct SampledResponse {
  let tokens: [UInt32]
  var id: JSONValue?

  /// Reads a line: an array of ids, a string, or an object with the key `tokens` or `text`.
  static func read(
    _ line: Span<UInt8>, tokenizer: Tokenizer
  ) throws(WorkerError) -> SampledResponse {
    switch try converting({ () throws(JSONError) in
      var reader = JSONReader(line)
      return try reader.peek()
    }) {
    case .array: return SampledResponse(tokens: try WorkerRequest.ids(JSONReader(line), key: "ids"))
    case .string:
      let text = try converting { () throws(JSONError) in
        var reader = JSONReader(line)
        let text = try reader.readString()
        try reader.finish()
        return text
      }
      return SampledResponse(tokens: tokenizer.encode(text))
    case .object: return try object(line, tokenizer: tokenizer)
    case .null, .bool, .number:
      throw .request("a response is an array of ids, a string or an object")
    }
  }

  private static func object(
    _ line: Span<UInt8>, tokenizer: Tokenizer
  ) throws(WorkerError) -> SampledResponse {
    var id = JSONValue.null
    let request: WorkerRequest
    do throws(JSONError) { request = try WorkerRequest(line, id: &id) } catch {
      throw fault(error)
    }
    let given = request.has("id") ? id : nil
    if request.has("tokens") {
      return SampledResponse(tokens: try request.ids("tokens"), id: given)
    }
    if request.has("text") {
      return SampledResponse(tokens: tokenizer.encode(try request.text("text")), id: given)
    }
    throw .request("a response has the key tokens or the key text")
  }

  private static func converting<Value>(
    _ body: () throws(JSONError) -> Value
  ) throws(WorkerError) -> Value {
    do throws(JSONError) { return try body() } catch { throw fault(error) }
  }

  private static func fault(_ error: JSONError) -> WorkerError {
    .request("\(error.message): column \(error.column)")
  }
}
