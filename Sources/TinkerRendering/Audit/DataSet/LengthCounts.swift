/// Counts of lengths in buckets of a sixteenth of their size: bounded, however many and long.
public struct LengthCounts: Sendable, Hashable {
  private var buckets: [Int] = []
  /// The number of lengths.
  public private(set) var count = 0
  /// The longest.
  public private(set) var longest = 0

  /// No lengths.
  public init() {}

  /// Counts a length.
  public mutating func add(_ length: Int) {
    let index = Self.bucket(of: max(length, 0))
    if index >= buckets.count {
      buckets.append(contentsOf: repeatElement(0, count: index + 1 - buckets.count))
    }
    buckets[index] += 1
    count += 1
    longest = max(longest, length)
  }

  /// Adds the counts of others.
  public static func += (left: inout LengthCounts, right: LengthCounts) {
    if right.buckets.count > left.buckets.count {
      left.buckets.append(
        contentsOf: repeatElement(0, count: right.buckets.count - left.buckets.count))
    }
    for (index, count) in right.buckets.enumerated() { left.buckets[index] += count }
    left.count += right.count
    left.longest = max(left.longest, right.longest)
  }

  /// The length that a share of all does not exceed, up to a sixteenth too high.
  public func percentile(_ share: Double) -> Int {
    let wanted = Int((Double(count) * share).rounded(.up))
    var seen = 0
    for (index, count) in buckets.enumerated() where count > 0 {
      seen += count
      if seen >= wanted { return min(Self.upperBound(of: index), longest) }
    }
    return longest
  }

  /// The buckets that hold something, with the largest length of each.
  public var filledBuckets: [(upTo: Int, count: Int)] {
    buckets.enumerated().filter { $0.element > 0 }
      .map { (upTo: min(Self.upperBound(of: $0.offset), longest), count: $0.element) }
  }

  /// Lengths below 32 each have a bucket; above, sixteen share a power of two.
  private static func bucket(of length: Int) -> Int {
    if length < 32 { return length }
    let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount
    return 32 + (exponent - 5) * 16 + (length >> (exponent - 4)) - 16
  }

  private static func upperBound(of bucket: Int) -> Int {
    if bucket < 32 { return bucket }
    let (power, step) = (bucket - 32).quotientAndRemainder(dividingBy: 16)
    return (16 + step + 1) << (power + 1) - 1
  }
}
