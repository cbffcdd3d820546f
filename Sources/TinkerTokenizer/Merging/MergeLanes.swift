/// The pairs of up to 16 symbols, `rank << 4 | place` in the lane of the place, so that their minimum is
/// the pair of least rank, the leftmost of equals.
///
/// All lanes are read and written together: a lane that was written by itself would have to reach the
/// memory before the next minimum could be taken.
struct MergeLanes {
  /// What a lane without a pair holds: every bit but the sign.
  static let none = Int32.max

  private var first = SIMD4(repeating: MergeLanes.none)
  private var second = SIMD4(repeating: MergeLanes.none)
  private var third = SIMD4(repeating: MergeLanes.none)
  private var fourth = SIMD4(repeating: MergeLanes.none)

  init() {}

  /// The lanes at an address with 64 bytes.
  @unsafe
  @inline(__always)
  init(at address: UnsafePointer<Int32>) {
    let bytes = unsafe UnsafeRawPointer(address)
    first = unsafe bytes.loadUnaligned(as: SIMD4<Int32>.self)
    second = unsafe bytes.loadUnaligned(fromByteOffset: 16, as: SIMD4<Int32>.self)
    third = unsafe bytes.loadUnaligned(fromByteOffset: 32, as: SIMD4<Int32>.self)
    fourth = unsafe bytes.loadUnaligned(fromByteOffset: 48, as: SIMD4<Int32>.self)
  }

  @unsafe
  @inline(__always)
  func store(to address: UnsafeMutablePointer<Int32>) {
    let bytes = UnsafeMutableRawPointer(address)
    unsafe bytes.storeBytes(of: first, as: SIMD4<Int32>.self)
    unsafe bytes.storeBytes(of: second, toByteOffset: 16, as: SIMD4<Int32>.self)
    unsafe bytes.storeBytes(of: third, toByteOffset: 32, as: SIMD4<Int32>.self)
    unsafe bytes.storeBytes(of: fourth, toByteOffset: 48, as: SIMD4<Int32>.self)
  }

  /// The least pair, or ``none``.
  @inline(__always)
  var minimum: Int32 {
    let least = pointwiseMin(pointwiseMin(first, second), pointwiseMin(third, fourth))
    return min(min(least.x, least.y), min(least.z, least.w))
  }

  /// Takes the pair out of a lane.
  @inline(__always)
  mutating func clear(_ lane: MergeLanes) {
    first |= lane.first
    second |= lane.second
    third |= lane.third
    fourth |= lane.fourth
  }

  /// Puts a pair into a lane that has none.
  @inline(__always)
  mutating func set(_ lane: MergeLanes, to pair: Int32) {
    let bits = SIMD4(repeating: ~pair)
    first ^= lane.first & bits
    second ^= lane.second & bits
    third ^= lane.third & bits
    fourth ^= lane.fourth & bits
  }

  // MARK: Choosing a lane

  /// The number of values in ``choices``.
  static let choiceCount = 17 * 16

  /// For each place a block of 16 lanes in which that lane holds ``none`` and the others 0. Place 16 is
  /// no lane at all.
  static func choice(_ index: Int) -> Int32 { index / 16 == index % 16 ? none : 0 }
}
