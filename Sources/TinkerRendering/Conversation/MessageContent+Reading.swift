import TinkerData
import TinkerJSON

extension MessageContent {
  /// Reads a string or a list of parts.
  init(reading reader: inout JSONReader) throws(RenderingError) {
    switch try reader.kindOfNext() {
    case .string:
      do { self = .text(try reader.readString()) } catch { throw RenderingError(error) }
    case .array:
      var parts: [ContentPart] = []
      try reader.enterArray()
      while try reader.element() {
        do throws(RenderingError) {
          parts.append(try ContentPart(reading: &reader))
        } catch { throw error.inside("[\(parts.count)]") }
      }
      self = .parts(parts)
    case .null, .bool, .number, .object:
      throw RenderingError(
        .conversation,
        "expected a string or a list of parts, found \(try reader.kindOfNext().rawValue)")
    }
  }
}

extension ContentPart {
  /// Reads `{"type":"text","text":…}`, `{"type":"thinking",…}`, `{"type":"image",…}`, OpenAI's
  /// `{"type":"image_url",…}`, or any other object with a type.
  init(reading reader: inout JSONReader) throws(RenderingError) {
    var type: String?
    var members = JSONObject()
    var text: String?
    try reader.enterObject()
    while let key = try reader.memberKey() {
      if reader.matches(key, "type") {
        type = try reader.string("type")
      } else if reader.matches(key, "text"), try reader.kindOfNext() == .string {
        text = try reader.string("text")
      } else {
        members.set(try reader.decoded(key), to: try reader.tree())
      }
    }
    guard let type else { throw .missing("type") }
    switch type {
    case "text":
      if let text {
        self = .text(text)
      } else {
        self = .text(try Self.text("text", of: members))
      }
    case "thinking": self = .thinking(try Self.text("thinking", of: members))
    case "image": self = .image(.reference(try Self.text("image", of: members)))
    case "image_url":
      if let link = members["image_url"]?.object {
        do throws(RenderingError) {
          self = .image(.reference(try Self.text("url", of: link)))
        } catch { throw error.inside("image_url") }
      } else {
        self = .image(.reference(try Self.text("image_url", of: members)))
      }
    default:
      var object: JSONObject = ["type": .string(JSONString(type))]
      if let text { object["text"] = .string(JSONString(text)) }
      for (key, value) in members { object.set(key, to: value) }
      self = .other(object)
    }
  }

  private static func text(_ key: String, of members: JSONObject) throws(RenderingError) -> String {
    guard let value = members[key] else { throw .missing(key) }
    guard case .string(let string) = value else {
      throw RenderingError(
        .conversation, "expected a string, found \(value.kind.rawValue)", at: key)
    }
    guard let text = string.text else {
      throw RenderingError(
        .conversation, "the string holds half of a surrogate pair, which is no text", at: key)
    }
    return text
  }
}
