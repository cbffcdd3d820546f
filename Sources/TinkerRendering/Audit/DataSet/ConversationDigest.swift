import TinkerData
import TinkerJSON

/// 64 bits of what a conversation says: roles, contents, calls and tools, and not its id. The same in
/// every process.
public struct ConversationDigest: Sendable, Hashable {
  /// The bits.
  public let value: UInt64

  /// The digest of a conversation.
  public init(_ conversation: Conversation) {
    var mixer = Mixer()
    for message in conversation.messages {
      mixer.add(message.role)
      switch message.content {
      // A string and its only part say the same.
      case .text(let text): mixer.add(text)
      case .parts(let parts): for part in parts { Self.add(part, to: &mixer) }
      }
      for call in message.toolCalls ?? [] {
        mixer.add("call")
        mixer.add(call.name)
        mixer.add(call.arguments)
      }
      mixer.end()
    }
    for tool in conversation.tools ?? [] {
      mixer.add(JSONValue.object(tool.json).serialized(.compact))
    }
    value = mixer.value
  }

  private static func add(_ part: ContentPart, to mixer: inout Mixer) {
    switch part {
    case .text(let text): mixer.add(text)
    case .thinking(let text):
      mixer.add("thinking")
      mixer.add(text)
    case .image(.reference(let link)):
      mixer.add("image")
      mixer.add(link)
    case .image(.bytes(let bytes)):
      mixer.add("image")
      mixer.add(bytes.span)
    case .other(let object): mixer.add(JSONValue.object(object).serialized(.compact))
    }
  }

  /// Multiply and fold, eight bytes at a time.
  private struct Mixer {
    private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func add(_ text: String) { add(text.utf8.span) }

    mutating func add(_ bytes: Span<UInt8>) {
      var word: UInt64 = 0
      var filled: UInt64 = 0
      for index in bytes.indices {
        word |= UInt64(bytes[index]) << (filled * 8)
        filled += 1
        if filled == 8 {
          mix(word)
          word = 0
          filled = 0
        }
      }
      mix(word)
      // The length tells where a text ends.
      mix(UInt64(bytes.count))
    }

    mutating func end() { mix(0xA076_1D64_78BD_642F) }

    private mutating func mix(_ word: UInt64) {
      let product = (value ^ word).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
      value = product.high ^ product.low ^ (word &* 0x8EBC_6AF0_9C88_C6E3) &+ 1
    }
  }
}
