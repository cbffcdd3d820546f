import TinkerJSON

extension OriginTable {
  /// A variable of the input as a value whose parts know their places.
  ///
  /// - Returns: `nil` if values are nested too deep.
  mutating func variable(_ name: JSONString, _ json: JSONValue) -> Value? {
    value(json, at: add(.member(name), below: -1), depth: 0)
  }

  private mutating func value(_ json: JSONValue, at node: Int, depth: Int) -> Value? {
    if depth >= TemplateLimits.valueDepth { return nil }
    let origin = origin(node)
    switch json {
    case .null: return Value(.none, from: origin)
    case .bool(let value): return .bool(value, from: origin)
    case .number(let number): return Value(.number(number), from: origin)
    case .string(let string):
      return Value(.text(TracedText(string.bytes, from: origin)), from: origin)
    case .array(let elements):
      var items: [Value] = []
      items.reserveCapacity(elements.count)
      for (index, element) in elements.enumerated() {
        let place = add(.element(index), below: node)
        guard let item = value(element, at: place, depth: depth + 1) else { return nil }
        items.append(item)
      }
      return Value(.list(ListValue(items)), from: origin)
    case .object(let object):
      var dictionary = DictionaryValue()
      for (key, member) in object {
        let place = add(.member(key), below: node)
        guard let item = value(member, at: place, depth: depth + 1) else { return nil }
        let name = Value(
          .text(TracedText(key.bytes, from: self.origin(place))), from: self.origin(place))
        dictionary.set(name, .text(key.bytes), to: item)
      }
      return Value(.dictionary(dictionary), from: origin)
    }
  }
}
