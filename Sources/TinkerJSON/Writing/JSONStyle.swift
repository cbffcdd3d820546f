/// How a JSON text is written.
public struct JSONStyle: Sendable, Hashable {
  /// Whether `", "` and `": "` separate, or `","` and `":"`.
  public var hasSpaces: Bool
  /// Whether everything outside U+0020–007E is escaped.
  public var isASCII: Bool
  /// Whether keys are written in order of code points.
  public var sortsKeys: Bool

  /// A style; the defaults are those of Python's `json.dumps`.
  public init(hasSpaces: Bool = true, isASCII: Bool = true, sortsKeys: Bool = false) {
    self.hasSpaces = hasSpaces
    self.isASCII = isASCII
    self.sortsKeys = sortsKeys
  }

  /// `json.dumps(value)`.
  public static let python = JSONStyle()
  /// `json.dumps(value, ensure_ascii=False)`.
  public static let pythonUnicode = JSONStyle(isASCII: false)
  /// `json.dumps(value, separators=(",", ":"), ensure_ascii=False)`: for files and pipes.
  public static let compact = JSONStyle(hasSpaces: false, isASCII: false)
}
