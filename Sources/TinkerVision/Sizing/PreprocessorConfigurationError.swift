/// Why a preprocessor's configuration cannot be used.
public struct PreprocessorConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The key at fault, as the file spells it, or `nil` when the whole text is.
  public let key: String?
  /// A sentence that a person can act on.
  public let message: String

  init(_ message: String, key: String? = nil) {
    self.key = key
    self.message = message
  }

  /// The key and the sentence.
  public var description: String { key.map { "\($0): \(message)" } ?? message }

  static func check(
    _ value: Int, named key: String, in range: ClosedRange<Int>
  ) throws(PreprocessorConfigurationError) {
    guard range.contains(value) else {
      throw PreprocessorConfigurationError(
        "\(value) is not between \(range.lowerBound) and \(range.upperBound)", key: key)
    }
  }
}
