import TinkerData
import TinkerJSON
import TinkerRendering

/// Results in the shapes of the goldens.
enum JSONForms {
  static func chunks(_ laidOut: some LaidOutTokens) -> JSONValue {
    .array(
      laidOut.chunks.map { chunk in
        switch chunk {
        case .tokens(let tokens): .array(tokens.map { .number(.integer(Int($0))) })
        case .image(let image):
          [
            "image": [
              "format": .string(JSONString(image.format.rawValue)),
              "expected_tokens": .number(.integer(image.expectedTokens)),
              "width": .number(.integer(image.width)), "height": .number(.integer(image.height)),
            ]
          ]
        case .imageAssetPointer, .audio: .null
        }
      })
  }

  static func weights(_ laidOut: some LaidOutTokens) -> JSONValue {
    .array(
      laidOut.weightRuns.map {
        [.number(.integer(Int($0.weight))), .number(.integer($0.count))]
      })
  }

  static func example(_ example: SupervisedExample) -> JSONValue {
    ["chunks": chunks(example), "weights": weights(example)]
  }

  static func message(_ message: Message) throws(RenderingError) -> JSONValue {
    var writer = JSONWriter()
    try message.write(to: &writer)
    do { return try JSONValue.parse(writer.bytes) } catch { throw RenderingError(error) }
  }

  static func parsed(_ response: ParsedResponse) throws(RenderingError) -> JSONValue {
    var out: JSONObject = [
      "message": try message(response.message),
      "termination": .string(JSONString(response.termination.rawValue)),
    ]
    if let failure = response.failure {
      out["failure"] = [
        .string(JSONString(failure.kind.rawValue)), .string(JSONString(failure.detail)),
      ]
    }
    return .object(out)
  }

  static func deltas(_ deltas: [MessageDelta]) throws(RenderingError) -> JSONValue {
    var out: [JSONValue] = []
    for delta in deltas {
      switch delta {
      case .header(let role): out.append(["header", .string(JSONString(role))])
      case .text(let text, let index):
        out.append(["text", .string(JSONString(text)), .number(.integer(index))])
      case .thinking(let text, let index):
        out.append(["thinking", .string(JSONString(text)), .number(.integer(index))])
      case .message(let message): out.append(["message", try Self.message(message)])
      }
    }
    return .array(out)
  }

  static func stop(_ stop: StopSequences) -> JSONValue {
    switch stop {
    case .tokens(let tokens): .array(tokens.map { .number(.integer(Int($0))) })
    case .strings(let strings): .array(strings.map { .string(JSONString($0)) })
    }
  }
}
