import TinkerKit

/// The operations between text and ids.
struct TextOperations {
  /// How offsets are counted.
  private enum OffsetUnit: String, CaseIterable {
    case scalars
    case bytes
  }

  let tokenizer: Tokenizer

  func answer(
    _ operation: WorkerOperation, _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    switch operation {
    case .encode: try encode(request, into: &writer)
    case .count: try count(request, into: &writer)
    case .decode: try decode(request, into: &writer)
    case .decodeStream: try decodeStream(request, into: &writer)
    case .ping, .info, .render, .check, .supervised, .examples, .segments, .prompt, .parse, .stream,
      .tools,
      .openai, .image, .imageSize, .imageDecode, .imageResize, .imageChunk:
      throw .unsupported("\(operation.rawValue) is no operation on text")
    }
  }

  private func encode(
    _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    let text = try request.text("text")
    let addsSpecial = try request.flag("add_special")
    let matching = try request.choice("special", of: SpecialText.self) ?? .match
    let unit = try request.choice("offsets", of: OffsetUnit.self)
    writer.beginObject()
    guard let unit else {
      writer.key("ids")
      writer.ids(
        tokenizer.encode(text, addSpecialTokens: addsSpecial, addedTokens: matching.matching))
      writer.endObject()
      return
    }
    let encoding = tokenizer.encodeWithOffsets(
      text, addSpecialTokens: addsSpecial, addedTokens: matching.matching)
    writer.key("ids")
    writer.ids(encoding.ids)
    writer.key("offsets")
    writer.beginArray()
    for range in unit == .bytes ? encoding.byteOffsets : encoding.scalarOffsets {
      writer.integer(range.lowerBound)
      writer.integer(range.upperBound)
    }
    writer.endArray()
    writer.endObject()
  }

  private func count(
    _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    let text = try request.text("text")
    let addsSpecial = try request.flag("add_special")
    let matching = try request.choice("special", of: SpecialText.self) ?? .match
    writer.beginObject()
    writer.key("count")
    writer.integer(
      tokenizer.count(text, addSpecialTokens: addsSpecial, addedTokens: matching.matching))
    writer.endObject()
  }

  private func decode(
    _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    let ids = try request.ids("ids")
    let skipsSpecial = try request.flag("skip_special")
    writer.beginObject()
    writer.key("text")
    writer.string(tokenizer.decode(ids, skipSpecialTokens: skipsSpecial))
    writer.endObject()
  }

  private func decodeStream(
    _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    let ids = try request.ids("ids")
    let skipsSpecial = try request.flag("skip_special")
    var stream = tokenizer.makeDecodeStream(skipSpecialTokens: skipsSpecial)
    writer.beginObject()
    writer.key("chunks")
    writer.beginArray()
    for id in ids {
      do throws(TokenizerError) {
        if let text = try stream.step(id) { writer.string(text) } else { writer.null() }
      } catch { throw WorkerError(error) }
    }
    writer.endArray()
    writer.key("text")
    writer.string(tokenizer.decode(ids, skipSpecialTokens: skipsSpecial))
    writer.endObject()
  }
}

extension JSONWriter {
  /// Writes an array of ids.
  mutating func ids(_ ids: [UInt32]) {
    beginArray()
    for id in ids { integer(Int(id)) }
    endArray()
  }
}
