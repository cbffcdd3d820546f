import TinkerKit

/// The operations between messages and tokens.
struct ConversationOperations {
  let renderer: Renderer

  func answer(
    _ operation: WorkerOperation, _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    switch operation {
    case .supervised, .examples, .segments:
      let messages = try request.messages()
      let trainOn = try request.choice("train_on", of: TrainOn.self) ?? .allAssistantMessages
      if request.has("trainable"), trainOn != .customized {
        throw .request(
          "trainable belongs to train_on \(TrainOn.customized.rawValue)", path: "trainable")
      }
      try inMessages { () throws(RenderingError) in
        try train(operation, messages, trainOn: trainOn, into: &writer)
      }
    case .prompt:
      let messages = try request.messages()
      let prefill = try request.optionalText("prefill")
      let role = try request.optionalText("role") ?? Role.assistant
      try inMessages { () throws(RenderingError) in
        let prompt = try renderer.generationPrompt(for: messages, role: role, prefill: prefill)
        writer.beginObject()
        writer.key("chunks")
        writer.chunks(of: prompt)
        writer.endObject()
      }
    case .openai:
      let messages = try request.messages()
      try inMessages { () throws(RenderingError) in try openAI(messages, into: &writer) }
    case .parse: try parse(try request.ids("tokens"), into: &writer)
    case .stream: try stream(try request.ids("tokens"), into: &writer)
    case .tools: try tools(request, into: &writer)
    case .check, .render, .ping, .info, .encode, .decode, .decodeStream, .count, .image, .imageSize,
      .imageDecode, .imageResize, .imageChunk:
      throw .unsupported("\(operation.rawValue) is no operation on messages")
    }
  }

  /// Puts the key of the request in front of the places that rendering names.
  private func inMessages(_ body: () throws(RenderingError) -> Void) throws(WorkerError) {
    do throws(RenderingError) { try body() } catch {
      let hasPlace = error.path?.hasPrefix("messages") ?? true
      throw WorkerError(hasPlace ? error : error.inside("messages"))
    }
  }

  private func train(
    _ operation: WorkerOperation, _ messages: [Message], trainOn: TrainOn,
    into writer: inout JSONWriter
  ) throws(RenderingError) {
    if operation == .examples {
      let examples = try renderer.supervisedExamples(for: messages, trainOn: trainOn)
      writer.beginObject()
      writer.key("examples")
      writer.beginArray()
      for example in examples { writer.chunksAndWeights(of: example) }
      writer.endArray()
      writer.endObject()
      return
    }
    let example = try renderer.supervisedExample(for: messages, trainOn: trainOn)
    if operation == .supervised {
      writer.chunksAndWeights(of: example)
    } else {
      writer.beginObject()
      writer.key("segments")
      writer.segments(of: example)
      writer.endObject()
    }
  }

  private func parse(_ tokens: [UInt32], into writer: inout JSONWriter) throws(WorkerError) {
    do throws(RenderingError) {
      let response = try renderer.parse(tokens)
      writer.beginObject()
      try writer.members(of: response)
      writer.endObject()
    } catch { throw WorkerError(error) }
  }

  private func stream(_ tokens: [UInt32], into writer: inout JSONWriter) throws(WorkerError) {
    do throws(RenderingError) {
      let deltas = try renderer.stream(tokens)
      writer.beginObject()
      try writer.members(of: deltas)
      writer.endObject()
    } catch { throw WorkerError(error) }
  }

  private func tools(
    _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    let value = try request.tree("tools")
    guard let array = value.array else {
      throw .request("expected an array, found \(value.kind.rawValue)", path: "tools")
    }
    let system = try request.optionalText("system") ?? ""
    do throws(RenderingError) {
      var specs: [ToolSpec] = []
      for (index, json) in array.enumerated() {
        do throws(RenderingError) {
          specs.append(try ToolSpec(json: json))
        } catch { throw error.inside("tools[\(index)]") }
      }
      let messages = try renderer.toolDeclaration(tools: specs, systemPrompt: system)
      writer.beginObject()
      writer.key("messages")
      writer.beginArray()
      for message in messages { try message.write(to: &writer) }
      writer.endArray()
      writer.endObject()
    } catch { throw WorkerError(error) }
  }

  private func openAI(
    _ messages: [Message], into writer: inout JSONWriter
  ) throws(RenderingError) {
    writer.beginObject()
    writer.key("messages")
    writer.beginArray()
    for (index, message) in messages.enumerated() {
      do throws(RenderingError) {
        writer.value(try renderer.openAIMessage(message))
      } catch { throw error.inside("messages[\(index)]") }
    }
    writer.endArray()
    writer.endObject()
  }
}
