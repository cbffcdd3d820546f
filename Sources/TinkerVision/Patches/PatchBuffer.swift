/// Memory for patches that is used again from call to call.
///
/// Memory grows when a call needs more and is not touched before values arrive.
@safe
public struct PatchBuffer: ~Copyable {
  /// Values in a patch: 3 channels × 2 times × side × side.
  public private(set) var patchLength = 0
  /// The grid of each picture, in order.
  public private(set) var grids: [ImageGrid] = []
  private var memory: UnsafeMutableBufferPointer<Float>
  private var count = 0

  /// An empty buffer.
  public init() {
    unsafe memory = UnsafeMutableBufferPointer(start: nil, count: 0)
  }

  deinit { unsafe Self.free(memory) }

  /// Patches of all pictures: the rows of `pixel_values`.
  public var patchCount: Int { patchLength == 0 ? 0 : count / patchLength }

  /// The values, `patchLength` for each patch, patch after patch.
  public var values: Span<Float> {
    @_lifetime(borrow self)
    get {
      unsafe _overrideLifetime(
        Span(_unsafeElements: UnsafeBufferPointer(rebasing: memory[..<count])), borrowing: self)
    }
  }

  /// Frames, rows and columns in patches of each picture: `image_grid_thw`.
  public var gridTHW: [[Int]] { grids.map(\.thw) }

  /// Forgets the values; the memory is kept.
  public mutating func removeAll() {
    patchLength = 0
    grids.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Adds the patches of a picture, which the closure writes completely unless it throws.
  mutating func append<Failure>(
    _ grid: ImageGrid, patchLength: Int,
    by fill: (inout MutableSpan<Float>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(
      self.patchLength == 0 || self.patchLength == patchLength,
      "patches of one buffer have one length")
    self.patchLength = patchLength
    let added = grid.rows * grid.columns * patchLength
    reserve(count + added)
    let part = unsafe UnsafeMutableBufferPointer(rebasing: memory[count..<count + added])
    var span = unsafe MutableSpan(_unsafeElements: part)
    try fill(&span)
    grids.append(grid)
    count += added
  }

  /// Makes room. Values move only when there are some, that is, between two pictures of one call.
  private mutating func reserve(_ capacity: Int) {
    guard unsafe capacity > memory.count else { return }
    // Whole cache lines, so that the writing of whole vectors never straddles two.
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Float>.stride, alignment: 64)
    let grown = unsafe UnsafeMutableBufferPointer(
      start: raw.bindMemory(to: Float.self, capacity: capacity), count: capacity)
    if count > 0 {
      _ = unsafe grown.update(
        fromContentsOf: UnsafeMutableBufferPointer(rebasing: memory[..<count]))
    }
    unsafe Self.free(memory)
    unsafe memory = grown
  }

  private static func free(_ memory: UnsafeMutableBufferPointer<Float>) {
    if let start = memory.baseAddress {
      unsafe UnsafeMutableRawPointer(start).deallocate()
    }
  }
}
