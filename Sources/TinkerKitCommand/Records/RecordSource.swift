import TinkerFiles
import TinkerKit

/// The records of several files, one after the other, in batches.
struct RecordSource: ~Copyable {
  /// Some records of one file.
  struct Batch: Sendable {
    /// The file's name for messages.
    let file: String
    /// The lines; lines of white space are not among them.
    var lines = LineBatch()
    /// Errors of lines that are too long to be read; they stand behind the lines.
    var unreadable: [FileError] = []
    /// How the records are written, as far as it is known.
    var form: RecordForm?
    /// The bytes read from all files so far.
    var consumedBytes = 0
  }

  private var paths: ArraySlice<String>
  private let shard: Shard?
  private let limit: Int
  /// Whether lines that are too long are passed over.
  private let readsOn: Bool
  private var form: RecordForm?
  private var reader: LineReader?
  private var finishedBytes = 0
  private var records = 0
  private var taken = 0

  init(
    paths: [String], form: RecordForm?, shard: Shard? = nil, limit: Int? = nil,
    readsOn: Bool = false
  ) {
    self.paths = paths[...]
    self.form = form
    self.shard = shard
    self.readsOn = readsOn
    self.limit = limit ?? Int.max
  }

  /// The next records, or `nil` at the end of the last file.
  mutating func next() throws(FileError) -> Batch? {
    while taken < limit {
      if reader == nil {
        guard let path = paths.popFirst() else { return nil }
        reader = try LineReader(path: path)
      }
      if let batch = try readBatch() { return batch }
    }
    return nil
  }

  /// Some lines of the open file; `nil` when it has no more.
  private mutating func readBatch() throws(FileError) -> Batch? {
    guard var reader = reader.take() else { return nil }
    var batch = Batch(file: reader.name)
    var isAtEnd = false
    while !batch.lines.isFull, taken < limit {
      do throws(FileError) {
        isAtEnd = try !reader.next()
      } catch {
        guard readsOn, case .lineTooLong = error else { throw error }
        batch.unreadable.append(error)
        records += 1
        taken += 1
        // The lines after it belong to the next batch, so that errors keep their order.
        break
      }
      if isAtEnd { break }
      if Self.isBlank(reader.line) { continue }
      let record = records
      records += 1
      if let shard, !shard.takes(record) { continue }
      taken += 1
      if form == nil { form = Self.form(of: reader.line) }
      batch.lines.append(reader.line, number: reader.lineNumber, record: record)
    }
    batch.form = form
    batch.consumedBytes = finishedBytes + reader.fileBytes
    if isAtEnd { finishedBytes = batch.consumedBytes } else { self.reader = consume reader }
    return batch.lines.count == 0 && batch.unreadable.isEmpty && isAtEnd ? nil : batch
  }

  /// The form that a record has. One that has none is left to whoever reads the record: there the
  /// error gets its place.
  private static func form(of line: Span<UInt8>) -> RecordForm? {
    var reader = JSONReader(line)
    return try? RecordForm(recognizing: &reader)
  }

  /// Whether a line holds nothing but white space.
  static func isBlank(_ line: Span<UInt8>) -> Bool {
    for index in line.indices {
      switch line[index] {
      case 0x20, 0x09, 0x0D: continue
      default: return false
      }
    }
    return true
  }
}
