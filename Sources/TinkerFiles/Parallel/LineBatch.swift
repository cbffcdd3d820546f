/// Some whole lines of a file with their numbers, for a worker to work on.
public struct LineBatch: Sendable {
  /// A batch is full at this many bytes, or with one line that is longer.
  public static let targetSize = 1 << 18

  /// A batch is full at this many lines.
  public static let targetCount = 256

  private struct Entry: Sendable {
    var range: Range<Int>
    var number: Int
    var record: Int
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []

  /// An empty batch.
  public init() {}

  /// The number of lines.
  public var count: Int { entries.count }

  /// The bytes of all lines together.
  public var byteCount: Int { bytes.count }

  /// Whether the batch should be worked on now.
  public var isFull: Bool { bytes.count >= Self.targetSize || entries.count >= Self.targetCount }

  /// Adds a line.
  ///
  /// - Parameters:
  ///   - line: Its bytes without the line end.
  ///   - number: Its number in the file, from 1.
  ///   - record: Its number among the records, from 0.
  public mutating func append(_ line: Span<UInt8>, number: Int, record: Int) {
    let start = bytes.count
    bytes.reserveCapacity(max(bytes.count + line.count, min(Self.targetSize, line.count * 8)))
    for index in line.indices { bytes.append(line[index]) }
    entries.append(Entry(range: start..<bytes.count, number: number, record: record))
  }

  /// The bytes of a line of the batch.
  @_lifetime(borrow self)
  public func line(at index: Int) -> Span<UInt8> {
    bytes.span.extracting(entries[index].range)
  }

  /// The number of a line in its file.
  public func number(at index: Int) -> Int { entries[index].number }

  /// The number of a line among the records.
  public func record(at index: Int) -> Int { entries[index].record }
}
