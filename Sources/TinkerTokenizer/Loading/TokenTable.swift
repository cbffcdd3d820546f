/// The tokens by id and by content, added ones included.
struct TokenTable: Sendable {
  var count: Int { 0 }
  func contains(_ id: UInt32) -> Bool { false }
  func id(of content: String) -> UInt32? { nil }
  func content(of id: UInt32) -> String? { nil }
  func isSpecial(_ id: UInt32) -> Bool { false }
}
