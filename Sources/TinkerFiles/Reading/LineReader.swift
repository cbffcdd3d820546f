/// Reads a file line by line in constant memory.
///
/// ```swift
/// var reader = try LineReader(path: "data.jsonl")
/// while try reader.next() {
///   use(reader.line, number: reader.lineNumber)
/// }
/// ```
///
/// Lines end with a line feed; a carriage return before it belongs to the line end. The last line
/// needs no end. Bytes are handed out as they are: NUL bytes and invalid UTF-8 are the business of
/// whoever reads the line, who knows what it should hold.
public struct LineReader: ~Copyable {
  /// The longest line that is read if the caller does not say otherwise: 256 MiB.
  public static let defaultMaximumLength = 1 << 28

  private static let initialCapacity = 1 << 16

  /// The path as it was given, or `<stdin>`: for messages.
  public var name: String { input.name }

  /// The number of the present line, from 1; 0 before the first.
  public private(set) var lineNumber = 0

  /// The bytes consumed so far, line ends included, unpacked.
  public private(set) var consumedBytes = 0

  /// The bytes read from the file so far, packed ones as they are: what its size compares with.
  public var fileBytes: Int { input.readBytes }

  private var input: ByteInput
  private let maximumLength: Int
  private var buffer: [UInt8]
  /// The unread part of the buffer.
  private var unread = 0..<0
  /// The present line's part of the buffer.
  private var lineRange = 0..<0
  private var isAtEnd = false
  /// Whether the rest of a line that was too long is still to be passed over.
  private var isSkipping = false

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file, or `-` for standard input. A name that ends in `.gz` or `.zst` says that the
  ///     bytes are packed; see ``Compression``.
  ///   - maximumLength: The longest line in bytes, without its end.
  /// - Throws: `FileError.cannotOpen`, `.cannotRead`.
  public init(path: String, maximumLength: Int = defaultMaximumLength) throws(FileError) {
    input = try ByteInput(path: path)
    self.maximumLength = maximumLength
    buffer = [UInt8](repeating: 0, count: Self.initialCapacity)
  }

  /// The present line without its end. Empty before the first line.
  public var line: Span<UInt8> {
    @_lifetime(borrow self)
    borrowing get { buffer.span.extracting(lineRange) }
  }

  /// Whether ``next()`` may have to wait for bytes: no whole line is buffered, and the file has
  /// nothing ready. A caller with unflushed output flushes it then.
  public var mayWait: Bool {
    if isAtEnd || newline(from: unread.lowerBound) != nil { return false }
    return !input.isReady
  }

  /// Moves to the next line. After an error that a line is too long, it moves past that line.
  ///
  /// - Returns: `false` at the end of the file.
  /// - Throws: `FileError.cannotRead`, `.truncated` or `.corrupt` for packed files, or `.lineTooLong`
  ///   with the number of the line.
  public mutating func next() throws(FileError) -> Bool {
    if isSkipping { try skipLongLine() }
    var searched = unread.lowerBound
    while true {
      if let end = newline(from: searched) {
        take(to: end, next: end + 1)
        try checkLength()
        return true
      }
      // A carriage return may follow a line of full length.
      if unread.count > maximumLength + 1 {
        isSkipping = true
        lineNumber += 1
        throw .lineTooLong(path: name, line: lineNumber, limit: maximumLength)
      }
      searched = unread.upperBound - makeRoom()
      if try !fill() {
        if unread.isEmpty {
          lineRange = 0..<0
          return false
        }
        take(to: unread.upperBound, next: unread.upperBound)
        try checkLength()
        return true
      }
    }
  }

  /// Passes over the rest of a line, keeping no more of it than the buffer holds.
  private mutating func skipLongLine() throws(FileError) {
    isSkipping = false
    while true {
      let end = newline(from: unread.lowerBound)
      let next = end.map { $0 + 1 } ?? unread.upperBound
      consumedBytes += next - unread.lowerBound
      unread = next..<unread.upperBound
      if end != nil { return }
      unread = 0..<0
      if try !fill() { return }
    }
  }

  private func checkLength() throws(FileError) {
    if lineRange.count > maximumLength {
      throw .lineTooLong(path: name, line: lineNumber, limit: maximumLength)
    }
  }

  private mutating func take(to end: Int, next: Int) {
    var last = end
    if next > end && last > unread.lowerBound && buffer[last - 1] == UInt8(ascii: "\r") {
      last -= 1
    }
    lineRange = unread.lowerBound..<last
    consumedBytes += next - unread.lowerBound
    unread = next..<unread.upperBound
    lineNumber += 1
  }

  private func newline(from start: Int) -> Int? {
    buffer.lineFeed(in: start..<max(start, unread.upperBound))
  }

  /// Moves the unread bytes to the front, or enlarges the buffer if they fill it.
  ///
  /// - Returns: How far the bytes moved.
  private mutating func makeRoom() -> Int {
    guard unread.upperBound == buffer.count else { return 0 }
    let distance = unread.lowerBound
    // Never more than what tells that a line is too long.
    let limit = max(maximumLength + 2, buffer.count + 1)
    let capacity = distance > 0 ? buffer.count : min(2 * buffer.count, limit)
    buffer = buffer.copied(unread, capacity: capacity)
    unread = 0..<unread.count
    return distance
  }

  private mutating func fill() throws(FileError) -> Bool {
    if isAtEnd { return false }
    let count = try input.read(into: &buffer, from: unread.upperBound)
    unread = unread.lowerBound..<unread.upperBound + count
    isAtEnd = count == 0
    return count > 0
  }
}
