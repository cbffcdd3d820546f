/// The bounds within which a template runs. Whoever reaches one gets an error, never a crash.
public struct TemplateLimits: Sendable, Hashable {
  /// The most steps: expressions, statements, and bytes of text in units of 64.
  public var steps: Int
  /// The most bytes of one text, the output included.
  public var textBytes: Int
  /// The most calls of macros inside one another.
  public var calls: Int

  /// Bounds; the defaults are far above what published templates need.
  public init(steps: Int = 20_000_000, textBytes: Int = 1 << 26, calls: Int = 24) {
    self.steps = steps
    self.textBytes = textBytes
    self.calls = calls
  }

  /// How deep expressions and statements of a template may be nested.
  static let syntaxDepth = 48
  /// How deep expressions and statements may be nested while they run, macros included.
  static let runningDepth = 320
  /// How deep values may be nested.
  static let valueDepth = 128
  /// The most elements of a `range`, as the sandbox of the reference has it.
  static let rangeCount = 100_000
}
