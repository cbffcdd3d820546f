/// Members in the order of the text. Of equal keys the last value wins, at the first position, as in
/// a Python `dict`.
public struct JSONObject: Sendable, Sequence, ExpressibleByDictionaryLiteral {
  /// A key with its value.
  public typealias Element = (key: JSONString, value: JSONValue)

  /// Objects with more members than this look keys up in a dictionary.
  private static let linearLimit = 12

  private var members: [Element] = []
  private var positions: [JSONString: Int] = [:]

  /// An empty object.
  public init() {}

  /// An object from pairs.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (key, value) in elements { set(JSONString(key), to: value) }
  }

  /// The number of members.
  public var count: Int { members.count }

  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// The value by a key; setting `nil` removes the member.
  public subscript(key: String) -> JSONValue? {
    get { position(of: JSONString(key)).map { members[$0].value } }
    set {
      if let newValue { set(JSONString(key), to: newValue) } else { remove(JSONString(key)) }
    }
  }

  /// The value by a key that may be ill formed.
  public subscript(key: JSONString) -> JSONValue? { position(of: key).map { members[$0].value } }

  /// Sets a member: in place if the key exists, at the end otherwise.
  public mutating func set(_ key: JSONString, to value: JSONValue) {
    if let position = position(of: key) {
      members[position].value = value
      return
    }
    members.append((key, value))
    if members.count > Self.linearLimit {
      if positions.isEmpty { indexKeys() } else { positions[key] = members.count - 1 }
    }
  }

  /// Removes a member and gives its value back, or `nil` if there was none.
  @discardableResult
  public mutating func remove(_ key: JSONString) -> JSONValue? {
    guard let position = position(of: key) else { return nil }
    let value = members.remove(at: position).value
    positions = [:]
    if members.count > Self.linearLimit { indexKeys() }
    return value
  }

  /// The members in order.
  public func makeIterator() -> IndexingIterator<[Element]> { members.makeIterator() }

  private mutating func indexKeys() {
    for (position, member) in members.enumerated() { positions[member.key] = position }
  }

  private func position(of key: JSONString) -> Int? {
    members.count > Self.linearLimit
      ? positions[key] : members.firstIndex { $0.key == key }
  }
}

extension JSONObject: Hashable {
  /// Equality of the members and their order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.elementsEqual(right.members, by: ==)
  }

  /// Hashes keys and values.
  public func hash(into hasher: inout Hasher) {
    for (key, value) in members {
      hasher.combine(key)
      hasher.combine(value)
    }
  }
}
