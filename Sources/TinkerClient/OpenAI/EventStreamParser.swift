/// Takes a server-sent event stream apart: the data of each event, as it is complete.
struct EventStreamParser: Sendable {
  private static let longestEvent = 16 << 20

  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false
  private var skipsLineFeed = false

  /// The data of the events that end in these bytes.
  ///
  /// - Throws: ``ClientError`` for an event that has no end.
  mutating func feed(_ bytes: [UInt8]) throws(ClientError) -> [[UInt8]] {
    var events: [[UInt8]] = []
    for byte in bytes {
      // Lines end with CR, LF or both.
      if skipsLineFeed {
        skipsLineFeed = false
        if byte == 0x0A { continue }
      }
      if byte == 0x0A || byte == 0x0D {
        skipsLineFeed = byte == 0x0D
        if let event = endLine() { events.append(event) }
      } else {
        line.append(byte)
        guard line.count + data.count <= Self.longestEvent else {
          throw .unexpectedReply("an event of the stream is longer than \(Self.longestEvent) bytes")
        }
      }
    }
    return events
  }

  private mutating func endLine() -> [UInt8]? {
    defer { line = [] }
    if line.isEmpty {
      defer { (data, hasData) = ([], false) }
      return hasData ? data : nil
    }
    let field = Array("data:".utf8)
    guard line.starts(with: field) else { return nil }
    var value = line.dropFirst(field.count)
    if value.first == 0x20 { value.removeFirst() }
    if hasData { data.append(0x0A) }
    data += value
    hasData = true
    return nil
  }
}
