/// The model's tokens by id and by content: one flat array of bytes with the place of each token.
///
/// A token whose characters are all of the byte alphabet is stored as the bytes it stands for, any
/// other as its UTF-8. Both may hold the same bytes, so the form is part of the key: `æĹ¥` and `日`
/// are two tokens.
struct VocabularyTable: Sendable {
  /// Ids must be smaller: a pair of ids and a rank are packed into 64 bits.
  static let idLimit = (1 << 22) - 1

  /// How a token's bytes are to be read.
  enum Form: UInt64, Sendable {
    /// The bytes that the token stands for.
    case bytes = 0
    /// The token's own UTF-8; some character is not of the byte alphabet.
    case text = 1
  }

  /// Where a token's bytes lie, with the form in the lowest bit of the length.
  struct Place: Sendable {
    static let absent = Place(start: .max, length: 0, form: .bytes)

    let start: UInt32
    private let packed: UInt32

    init(start: UInt32, length: Int, form: Form) {
      self.start = start
      packed = UInt32(truncatingIfNeeded: length) &<< 1 | UInt32(truncatingIfNeeded: form.rawValue)
    }

    var isAbsent: Bool { start == .max }
    var length: Int { Int(packed &>> 1) }
    var form: Form { packed & 1 == 0 ? .bytes : .text }
    var range: Range<Int> { Int(start)..<Int(start) &+ length }
  }

  /// The number of tokens.
  private(set) var count = 0

  private(set) var bytes: [UInt8] = []
  private(set) var places: [Place] = []

  private let hash = ByteHash.random()
  /// Open addressing: a part of the hash above, the id plus one below; 0 is free.
  private var slots: [UInt64] = []

  /// The largest id plus one.
  var idBound: Int { places.count }

  // MARK: Reading

  func contains(_ id: UInt32) -> Bool {
    Int(id) < places.count && !places[Int(id)].isAbsent
  }

  /// The place of a token, or `nil`.
  func place(of id: UInt32) -> Place? {
    guard Int(id) < places.count else { return nil }
    let place = places[Int(id)]
    return place.isAbsent ? nil : place
  }

  /// The id of the token with these bytes in this form.
  func id(of key: Span<UInt8>, _ form: Form) -> UInt32? {
    guard !slots.isEmpty else { return nil }
    let hashed = hash(key, salt: form.rawValue)
    let mask = slots.count &- 1
    var index = Int(truncatingIfNeeded: hashed) & mask
    let tag = hashed & 0xFFFF_FFFF_0000_0000
    while true {
      let slot = slots[index]
      if slot == 0 { return nil }
      if slot & 0xFFFF_FFFF_0000_0000 == tag {
        let id = UInt32(truncatingIfNeeded: slot) &- 1
        if holds(id, key, form) { return id }
      }
      index = (index &+ 1) & mask
    }
  }

  /// The id of the token that is spelled so.
  func id(ofText text: Span<UInt8>) -> UInt32? {
    var key: [UInt8] = []
    if ByteAlphabet.append(bytesOf: text, to: &key) { return id(of: key.span, .bytes) }
    return id(of: text, .text)
  }

  /// Whether a token has these bytes in this form.
  func holds(_ id: UInt32, _ key: Span<UInt8>, _ form: Form) -> Bool {
    guard Int(id) < places.count else { return false }
    let place = places[Int(id)]
    guard !place.isAbsent, place.length == key.count, place.form == form else { return false }
    let stored = bytes.span
    let start = Int(place.start)
    for index in key.indices where stored[start &+ index] != key[index] { return false }
    return true
  }

  /// A token's spelling, as UTF-8.
  func appendText(of place: Place, to out: inout [UInt8]) {
    switch place.form {
    case .text: out.append(contentsOf: bytes[place.range])
    case .bytes:
      ByteAlphabet.append(charactersFor: bytes.span.extracting(place.range), to: &out)
    }
  }

  // MARK: Building

  init() {}

  /// Makes room for about as many tokens as a file of this size holds.
  mutating func reserve(forFileOf byteCount: Int) {
    bytes.reserveCapacity(byteCount / 8)
    places.reserveCapacity(byteCount / 64)
  }

  /// What is wrong with an entry.
  enum EntryProblem: Error {
    case idTaken
    case idOutOfRange
  }

  /// Adds a token by its spelling. It can be looked up by its content once ``buildIndex()`` has
  /// followed; tokens that are added behind that have an id and a spelling, and the model does not
  /// know them.
  mutating func add(_ text: Span<UInt8>, id: Int) throws(EntryProblem) {
    if try addAlphabetic(text, id: id) { return }
    let start = bytes.count
    for index in text.indices { bytes.append(text[index]) }
    try place(id, from: start, .text)
  }

  /// Adds a token if all of its characters are of the byte alphabet.
  ///
  /// - Returns: whether it was added; if not, nothing has changed.
  mutating func addAlphabetic(_ text: Span<UInt8>, id: Int) throws(EntryProblem) -> Bool {
    let start = bytes.count
    guard ByteAlphabet.append(bytesOf: text, to: &bytes) else { return false }
    try place(id, from: start, .bytes)
    return true
  }

  /// Adds a token by the bytes that it stands for.
  mutating func add(bytes token: Span<UInt8>, id: Int) throws(EntryProblem) {
    let start = bytes.count
    for index in token.indices { bytes.append(token[index]) }
    try place(id, from: start, .bytes)
  }

  private mutating func place(_ id: Int, from start: Int, _ form: Form) throws(EntryProblem) {
    guard id >= 0, id < Self.idLimit else { throw .idOutOfRange }
    let place = Place(
      start: UInt32(truncatingIfNeeded: start), length: bytes.count - start, form: form)
    if id == places.count {
      places.append(place)
    } else {
      while places.count <= id { places.append(.absent) }
      guard places[id].isAbsent else { throw .idTaken }
      places[id] = place
    }
    count += 1
  }

  /// Builds the index from content to id.
  ///
  /// - Returns: the id of a token whose content another one has, or `nil`.
  mutating func buildIndex() -> UInt32? {
    var capacity = 16
    while capacity * 5 < count * 8 { capacity *= 2 }
    slots = [UInt64](repeating: 0, count: capacity)
    for id in places.indices where !places[id].isAbsent {
      guard let (index, slot) = freeSlot(for: UInt32(truncatingIfNeeded: id)) else {
        return UInt32(truncatingIfNeeded: id)
      }
      slots[index] = slot
    }
    return nil
  }

  /// Where in the index a token goes; `nil` if its content is there already.
  private func freeSlot(for id: UInt32) -> (index: Int, slot: UInt64)? {
    let place = places[Int(id)]
    let key = bytes.span.extracting(place.range)
    let hashed = hash(key, salt: place.form.rawValue)
    let tag = hashed & 0xFFFF_FFFF_0000_0000
    let mask = slots.count &- 1
    var index = Int(truncatingIfNeeded: hashed) & mask
    while slots[index] != 0 {
      if slots[index] & 0xFFFF_FFFF_0000_0000 == tag,
        holds(UInt32(truncatingIfNeeded: slots[index]) &- 1, key, place.form)
      {
        return nil
      }
      index = (index &+ 1) & mask
    }
    return (index, tag | UInt64(id &+ 1))
  }
}
