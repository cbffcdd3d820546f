/// The conversations of a data set by their digests, in bounded memory.
///
/// While all digests fit, every repetition is found. When the table is full, it keeps every second
/// digest by value, then every fourth, and so on: repetitions are then found for that share of the
/// conversations, which ``sampledShare`` tells.
public struct SeenConversations: Sendable {
  /// A place that was seen.
  public struct Place: Sendable, Hashable {
    /// The index of the file.
    public let file: Int
    /// The line, from 1.
    public let line: Int
  }

  private let capacity: Int
  private var places: [UInt64: Place] = [:]
  /// The low bits that a digest must not have to be kept.
  private var mask: UInt64 = 0

  /// A table of at most so many digests; about 40 bytes each.
  public init(capacity: Int = 1 << 21) {
    self.capacity = max(capacity, 1)
  }

  /// One of how many conversations is compared: 1 until the table is full, then 2, 4, ….
  public var sampledShare: Int { Int(mask) + 1 }

  /// Notes a conversation.
  ///
  /// - Returns: The place of the first that says the same, or `nil`.
  public mutating func note(_ digest: ConversationDigest, file: Int, line: Int) -> Place? {
    let value = digest.value
    if value & mask != 0 { return nil }
    if let first = places[value] { return first }
    places[value] = Place(file: file, line: line)
    while places.count > capacity, mask < 1 << 32 {
      mask = mask << 1 | 1
      let kept = mask
      places = places.filter { $0.key & kept == 0 }
    }
    return nil
  }
}
