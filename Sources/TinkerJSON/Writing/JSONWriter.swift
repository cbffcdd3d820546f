/// Writes JSON into a byte buffer by the rules of Python's `json.dumps`.
///
/// Separators are put where they belong; the caller only has to close what it opens:
///
/// ```swift
/// var writer = JSONWriter(style: .compact)
/// writer.beginObject()
/// writer.key("ids")
/// writer.beginArray()
/// for id in ids { writer.integer(Int(id)) }
/// writer.endArray()
/// writer.endObject()
/// ```
public struct JSONWriter: Sendable {
  /// The text so far; the caller may take it and empty it.
  public var bytes: [UInt8] = []

  private let style: JSONStyle
  private var needsSeparator = false

  /// A writer with an empty buffer.
  public init(style: JSONStyle = .python) {
    self.style = style
  }

  /// Empties the buffer and keeps its memory.
  public mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    needsSeparator = false
  }

  // MARK: Containers

  /// Opens an object.
  public mutating func beginObject() { open("{") }
  /// Closes an object.
  public mutating func endObject() { close("}") }
  /// Opens an array.
  public mutating func beginArray() { open("[") }
  /// Closes an array.
  public mutating func endArray() { close("]") }

  /// Writes a key; its value must follow.
  public mutating func key(_ key: String) {
    string(key)
    endKey()
  }

  /// Writes a key that may be ill formed; its value must follow.
  public mutating func key(_ key: JSONString) {
    string(key)
    endKey()
  }

  // MARK: Scalars

  /// Writes `null`.
  public mutating func null() { word("null") }

  /// Writes `true` or `false`.
  public mutating func bool(_ value: Bool) { word(value ? "true" : "false") }

  /// Writes an integer.
  public mutating func integer(_ value: Int) {
    separate()
    if value >= 0 && value < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(value))
      return
    }
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let start = bytes.count
    while rest > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    }
    bytes[start...].reverse()
  }

  /// Writes a number: doubles by Python's `repr`, with `NaN`, `Infinity` and `-Infinity`.
  public mutating func number(_ value: JSONNumber) {
    switch value {
    case .integer(let value): integer(value)
    case .bigInteger(let digits): word(digits)
    case .double(let value): double(value)
    }
  }

  /// Writes a double by Python's `repr`.
  public mutating func double(_ value: Double) {
    if value.isNaN {
      word("NaN")
    } else if value.isInfinite {
      word(value < 0 ? "-Infinity" : "Infinity")
    } else {
      word(PythonFloat.representation(of: value))
    }
  }

  /// Writes a string.
  public mutating func string(_ text: String) {
    separate()
    StringEscaper.append(text.utf8.span, isASCII: style.isASCII, to: &bytes)
  }

  /// Writes a string that may be ill formed; lone surrogates are written as escapes.
  public mutating func string(_ string: JSONString) {
    separate()
    StringEscaper.append(string.bytes.span, isASCII: style.isASCII, to: &bytes)
  }

  /// Writes text that is JSON already.
  public mutating func raw(_ json: borrowing Span<UInt8>) {
    separate()
    for index in json.indices { bytes.append(json[index]) }
  }

  /// Writes a tree.
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(let number): self.number(number)
    case .string(let string): self.string(string)
    case .array(let values):
      beginArray()
      for value in values { self.value(value) }
      endArray()
    case .object(let object):
      beginObject()
      for (key, value) in style.sortsKeys ? object.sorted(by: { $0.key < $1.key }) : Array(object) {
        self.key(key)
        self.value(value)
      }
      endObject()
    }
  }

  // MARK: Separators

  private mutating func separate() {
    if needsSeparator {
      bytes.append(UInt8(ascii: ","))
      if style.hasSpaces { bytes.append(UInt8(ascii: " ")) }
    }
    needsSeparator = true
  }

  private mutating func open(_ bracket: Unicode.Scalar) {
    separate()
    bytes.append(UInt8(ascii: bracket))
    needsSeparator = false
  }

  private mutating func close(_ bracket: Unicode.Scalar) {
    bytes.append(UInt8(ascii: bracket))
    needsSeparator = true
  }

  private mutating func endKey() {
    bytes.append(UInt8(ascii: ":"))
    if style.hasSpaces { bytes.append(UInt8(ascii: " ")) }
    needsSeparator = false
  }

  private mutating func word(_ word: String) {
    separate()
    bytes.append(contentsOf: word.utf8)
  }
}

extension JSONValue {
  /// The value as text.
  ///
  /// - Parameter style: Separators, escapes and the order of keys; Python's `json.dumps` by default.
  /// - Returns: JSON text.
  public func serialized(_ style: JSONStyle = .python) -> String {
    var writer = JSONWriter(style: style)
    writer.value(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
