/// Where text comes from: a place in the template, or a value of the input; and which message it is
/// about. Small, so that runs of text stay small; `OriginTable` says what the numbers mean.
struct Origin: Hashable, Sendable {
  private let code: UInt32
  /// The index of the message: the one that a value is part of, or the one that the template was
  /// writing; -1 for none.
  var message: Int32

  /// Text of the template at a byte of its source.
  static func template(_ offset: Int, message: Int32 = -1) -> Origin {
    Origin(code: UInt32(clamping: max(offset, 0)) & 0x7FFF_FFFF, message: message)
  }

  /// A value of the input by its number in the table.
  static func input(_ node: Int, message: Int32) -> Origin {
    Origin(
      code: 0x8000_0000 | (UInt32(clamping: max(node, 0)) & 0x7FFF_FFFF), message: message)
  }

  private init(code: UInt32, message: Int32) {
    self.code = code
    self.message = message
  }

  /// The number of the input's value; `nil` for text of the template.
  var node: Int? { code & 0x8000_0000 != 0 ? Int(code & 0x7FFF_FFFF) : nil }
  /// The byte of the template; `nil` for values of the input.
  var offset: Int? { code & 0x8000_0000 == 0 ? Int(code) : nil }
}
