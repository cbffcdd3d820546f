public import TinkerJSON

/// An example of a row.
public struct PackedExample: Sendable {
  /// The example.
  public let example: SupervisedExample
  /// The id of its record.
  public let id: JSONValue?

  /// An example of a row.
  public init(_ example: SupervisedExample, id: JSONValue? = nil) {
    self.example = example
    self.id = id
  }
}

/// Packs examples, as they come, into rows of a fixed length, in bounded memory.
///
/// Examples are held back until a window is full; then the window is packed by
/// ``RowPacking/bestFitDecreasing(_:capacity:)`` and its rows are handed out. So no row holds examples
/// from two windows, rows come near to where their examples stood, and the result does not depend on
/// threads.
public struct ExamplePacker: Sendable {
  /// A window is full at this many tokens: 16 MiB of ids.
  public static let windowTokens = 1 << 22
  /// A window is full at this many examples.
  public static let windowExamples = 1 << 16

  /// The length of a row in tokens.
  public let capacity: Int
  /// The rows handed out so far.
  public private(set) var rowCount = 0
  /// The tokens in them.
  public private(set) var tokenCount = 0
  /// The positions of those rows that hold no token, exactly: what a trainer fills up.
  public var paddingCount: Int { rowCount * capacity - tokenCount }

  private let windowTokens: Int
  private var window: [PackedExample] = []
  private var tokensInWindow = 0

  /// A packer.
  ///
  /// - Parameters:
  ///   - capacity: The length of a row, at least 1. Examples must not be longer.
  ///   - windowTokens: The tokens at which a window is full.
  public init(capacity: Int, windowTokens: Int = Self.windowTokens) {
    self.capacity = max(capacity, 1)
    self.windowTokens = windowTokens
  }

  /// Takes an example.
  ///
  /// - Returns: The rows that are ready; mostly none.
  public mutating func add(_ example: PackedExample) -> [[PackedExample]] {
    window.append(example)
    tokensInWindow += example.example.tokens.count
    if tokensInWindow < windowTokens, window.count < Self.windowExamples { return [] }
    return finish()
  }

  /// The rows of what is still held back.
  public mutating func finish() -> [[PackedExample]] {
    let lengths = window.map(\.example.tokens.count)
    let rows = RowPacking.bestFitDecreasing(lengths, capacity: capacity)
    rowCount += rows.count
    tokenCount += tokensInWindow
    defer {
      window = []
      tokensInWindow = 0
    }
    return rows.map { row in row.map { window[$0] } }
  }
}
