/// All tokens, added ones included, by id and by content.
struct TokenTable: Sendable {
  /// Every token by id. The model's ones are also found by content.
  let vocabulary: VocabularyTable
  let added: AddedVocabulary

  var count: Int { vocabulary.count }

  func contains(_ id: UInt32) -> Bool { vocabulary.contains(id) }

  func isSpecial(_ id: UInt32) -> Bool { added.isSpecial(id) }

  func isAdded(_ id: UInt32) -> Bool { added.isAdded(id) }

  func id(of content: String) -> UInt32? {
    let bytes = Array(content.utf8)
    return added.id(of: bytes) ?? vocabulary.id(ofText: bytes.span)
  }

  func content(of id: UInt32) -> String? {
    bytes(of: id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A token's spelling as UTF-8.
  func bytes(of id: UInt32) -> [UInt8]? {
    guard let place = vocabulary.place(of: id) else { return nil }
    var bytes: [UInt8] = []
    vocabulary.appendText(of: place, to: &bytes)
    return bytes
  }

  /// The white space around a token's spelling.
  func surroundings(of id: UInt32) -> OffsetTrimmer.Surroundings {
    bytes(of: id).map { OffsetTrimmer.surroundings(of: $0.span) } ?? .none
  }
}
