/// The latest rows of a picture, in a ring.
///
/// Rows are padded, so that kernels may read and write whole vectors at their ends.
package struct RowStore {
  /// What kernels may touch after the last byte of a row.
  package static let padding = 64

  /// Bytes from row to row.
  package let stride: Int
  /// Rows that are kept.
  package let capacity: Int
  private var bytes: [UInt8]

  /// Room for rows.
  package init(rowBytes: Int, capacity: Int) {
    stride = (rowBytes + Self.padding + 63) / 64 * 64
    self.capacity = capacity
    bytes = [UInt8](repeating: 0, count: stride * capacity)
  }

  /// All rows; row n of the picture begins at `n % capacity * stride`.
  package var span: Span<UInt8> { @_lifetime(borrow self) get { bytes.span } }

  /// The padded memory of a row.
  @_lifetime(borrow self)
  package func row(_ row: Int) -> Span<UInt8> {
    let start = row % capacity * stride
    return bytes.span.extracting(start..<start + stride)
  }

  /// The padded memory of a row, to be written.
  @_lifetime(&self)
  package mutating func mutableRow(_ row: Int) -> MutableSpan<UInt8> {
    let start = row % capacity * stride
    let end = start + stride
    return bytes.mutableSpan._consumingExtracting(start..<end)
  }
}
