/// The latest rows of a picture, in a ring.
///
/// Rows are padded, so that kernels may read and write whole vectors at their ends.
struct RowStore {
  /// What kernels may touch after the last byte of a row.
  static let padding = 64

  /// Bytes from row to row.
  let stride: Int
  /// Rows that are kept.
  let capacity: Int
  private var bytes: [UInt8]

  /// Room for rows.
  init(rowBytes: Int, capacity: Int) {
    stride = (rowBytes + Self.padding + 63) / 64 * 64
    self.capacity = capacity
    bytes = [UInt8](repeating: 0, count: stride * capacity)
  }

  /// All rows; row n of the picture begins at `n % capacity * stride`.
  var span: Span<UInt8> { @_lifetime(borrow self) get { bytes.span } }

  /// The padded memory of a row.
  @_lifetime(borrow self)
  func row(_ row: Int) -> Span<UInt8> {
    let start = row % capacity * stride
    return bytes.span.extracting(start..<start + stride)
  }

  /// The padded memory of a row, to be written.
  @_lifetime(&self)
  mutating func mutableRow(_ row: Int) -> MutableSpan<UInt8> {
    let start = row % capacity * stride
    let end = start + stride
    return bytes.mutableSpan._consumingExtracting(start..<end)
  }
}
