package import TinkerData
import TinkerJSON

extension ForwardBackwardOutput {
  /// The JSON form, which older SDKs read.
  package var json: [UInt8] {
    var writer = JSONWriter(style: .compact)
    writer.beginObject()
    writer.key("loss_fn_output_type")
    writer.string(outputType)
    writer.key("loss_fn_outputs")
    writer.beginArray()
    for output in lossOutputs {
      writer.beginObject()
      for field in output.tensors {
        writer.key(field.name)
        field.tensor.write(to: &writer)
      }
      writer.endObject()
    }
    writer.endArray()
    writer.key("metrics")
    writer.beginObject()
    for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
      writer.key(name)
      writer.double(value)
    }
    writer.endObject()
    writer.endObject()
    return writer.bytes
  }
}

extension OptimStepOutput {
  /// The JSON form.
  package var json: [UInt8] {
    var object = JSONObject()
    for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
      object.set(JSONString(name), to: .number(.double(value)))
    }
    return jsonBody(["metrics": .object(object)])
  }
}

extension SampleResponse {
  /// The JSON form, which older SDKs read. They know neither scores of given tokens nor draws at prompt
  /// positions.
  package var json: [UInt8] {
    var writer = JSONWriter(style: .compact)
    writer.beginObject()
    writer.key("sequences")
    writer.beginArray()
    for sequence in sequences {
      writer.beginObject()
      writer.key("stop_reason")
      writer.string(sequence.stopReason.rawValue)
      writer.key("tokens")
      writer.beginArray()
      for token in sequence.tokens { writer.integer(Int(token)) }
      writer.endArray()
      if let logprobs = sequence.logprobs {
        writer.key("logprobs")
        writer.numbers(logprobs)
      }
      writer.endObject()
    }
    writer.endArray()
    if let promptLogprobs {
      writer.key("prompt_logprobs")
      writer.numbers(promptLogprobs)
    }
    if let topKPromptLogprobs {
      writer.key("topk_prompt_logprobs")
      writer.beginArray()
      for row in topKPromptLogprobs { writer.pairs(row) }
      writer.endArray()
    }
    writer.key("type")
    writer.string("sample")
    writer.endObject()
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func numbers(_ values: [Float]) {
    beginArray()
    for value in values { double(Double(value)) }
    endArray()
  }

  fileprivate mutating func numbers(_ values: [Float?]) {
    beginArray()
    for value in values {
      if let value { double(Double(value)) } else { null() }
    }
    endArray()
  }

  fileprivate mutating func pairs(_ row: [TokenLogprob]?) {
    guard let row else { return null() }
    beginArray()
    for cell in row {
      beginArray()
      integer(Int(cell.token))
      double(Double(cell.logprob))
      endArray()
    }
    endArray()
  }
}
