import TinkerJSON
import TinkerTokenizer

/// Builds small `tokenizer.json` files.
struct SmallTokenizer {
  var fields: [(key: String, value: JSONValue)] = [("version", "1.0")]
  var model: [(key: String, value: JSONValue)] = [("type", "BPE")]

  /// A vocabulary in order of ids, and merges as pairs.
  init(_ tokens: [String], _ merges: [(String, String)] = []) {
    var vocabulary = JSONObject()
    for (id, token) in tokens.enumerated() {
      vocabulary.set(JSONString(token), to: .number(.integer(id)))
    }
    set(model: "vocab", .object(vocabulary))
    set(
      model: "merges",
      .array(merges.map { [.string(JSONString($0.0)), .string(JSONString($0.1))] }))
  }

  mutating func set(_ key: String, _ value: JSONValue) { fields.append((key, value)) }

  mutating func set(model key: String, _ value: JSONValue) { model.append((key, value)) }

  func with(_ key: String, _ value: JSONValue) -> SmallTokenizer {
    var copy = self
    copy.set(key, value)
    return copy
  }

  func with(model key: String, _ value: JSONValue) -> SmallTokenizer {
    var copy = self
    copy.set(model: key, value)
    return copy
  }

  /// The file. Keys that were set twice stand in it twice.
  var json: [UInt8] {
    let model = Self.object(self.model)
    return Array(Self.object(fields + [("model", nil)], last: model).utf8)
  }

  func load() throws -> Tokenizer { try Tokenizer(json: json) }

  private static func object(_ members: [(key: String, value: JSONValue)], last: String? = nil)
    -> String
  {
    var parts = members.map { "\"\($0.key)\": \($0.value.serialized(.python))" }
    if let last { parts[parts.count - 1] = "\"model\": \(last)" }
    return "{" + parts.joined(separator: ", ") + "}"
  }

  /// The 256 characters of the byte alphabet, in the order of the bytes.
  static let alphabet: [String] = {
    let printable = Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
    var next: UInt32 = 0x100
    return (0...255).map { byte in
      if printable.contains(byte) { return String(Character(Unicode.Scalar(UInt8(byte)))) }
      defer { next += 1 }
      return Unicode.Scalar(next).map { String(Character($0)) } ?? ""
    }
  }()

  /// A pre-tokenizer that leaves a text whole and works on bytes.
  static let wholeText: JSONValue = [
    "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false,
  ]

  /// An entry of `added_tokens`.
  static func added(
    _ id: Int, _ content: String, singleWord: Bool = false, lstrip: Bool = false,
    rstrip: Bool = false, normalized: Bool = false, special: Bool = false
  ) -> JSONValue {
    [
      "id": .number(.integer(id)), "content": .string(JSONString(content)),
      "single_word": .bool(singleWord), "lstrip": .bool(lstrip), "rstrip": .bool(rstrip),
      "normalized": .bool(normalized), "special": .bool(special),
    ]
  }
}
