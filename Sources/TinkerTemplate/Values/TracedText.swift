/// Text that knows for every byte where it comes from.
///
/// The bytes are UTF-8 (lone surrogates in three bytes); positions are those of Unicode scalars where
/// the template's language counts, and bytes everywhere else.
struct TracedText: Sendable {
  /// A stretch of bytes from one place.
  struct Run: Sendable {
    var end: Int
    let origin: Origin
  }

  private(set) var bytes: [UInt8] = []
  /// Neighbouring runs differ; the last one ends where the bytes do.
  private(set) var runs: [Run] = []
  /// Whether the text has passed `safe` or `escape`: what is added to it is then escaped for HTML.
  var isMarkup = false

  init() {}

  init(_ bytes: [UInt8], from origin: Origin) {
    self.bytes = bytes
    if !bytes.isEmpty { runs = [Run(end: bytes.count, origin: origin)] }
  }

  init(_ text: String, from origin: Origin) { self.init(Array(text.utf8), from: origin) }

  var isEmpty: Bool { bytes.isEmpty }
  var count: Int { bytes.count }
  var string: String { String(decoding: bytes, as: UTF8.self) }

  mutating func append(_ more: [UInt8], from origin: Origin) {
    append(more[...], from: origin)
  }

  mutating func append(_ more: ArraySlice<UInt8>, from origin: Origin) {
    if more.isEmpty { return }
    bytes.append(contentsOf: more)
    extend(to: bytes.count, origin)
  }

  mutating func append(_ text: String, from origin: Origin) {
    append(Array(text.utf8), from: origin)
  }

  mutating func append(_ other: TracedText) {
    let start = bytes.count
    bytes.append(contentsOf: other.bytes)
    for run in other.runs { extend(to: start + run.end, run.origin) }
  }

  /// The bytes of a range with their places.
  subscript(_ range: Range<Int>) -> TracedText {
    let range = range.clamped(to: 0..<bytes.count)
    if range.count == bytes.count { return self }
    var part = TracedText()
    part.isMarkup = isMarkup
    if range.isEmpty { return part }
    part.bytes = Array(bytes[range])
    for run in runs {
      if run.end <= range.lowerBound { continue }
      part.extend(to: min(run.end, range.upperBound) - range.lowerBound, run.origin)
      if run.end >= range.upperBound { break }
    }
    return part
  }

  /// Where a byte comes from.
  func origin(at index: Int) -> Origin {
    var low = 0
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].end <= index { low = middle + 1 } else { high = middle }
    }
    return low < runs.count ? runs[low].origin : runs.last?.origin ?? .template(0)
  }

  /// The one place that all bytes come from; `nil` if there are several or none.
  var onlyOrigin: Origin? { runs.count == 1 ? runs[0].origin : nil }

  private mutating func extend(to end: Int, _ origin: Origin) {
    if let last = runs.last, last.end >= end { return }
    if let last = runs.last, last.origin == origin {
      runs[runs.count - 1].end = end
    } else {
      runs.append(Run(end: end, origin: origin))
    }
  }
}

extension TracedText {
  /// The text for HTML; markup is so already.
  var escaped: TracedText {
    if isMarkup { return self }
    var out = mapped { (scalar, _) in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "'": "&#39;"
      case "\"": "&#34;"
      default: String(scalar)
      }
    }
    out.isMarkup = true
    return out
  }
}

// MARK: Scalars

extension TracedText {
  /// Whether positions of scalars are positions of bytes.
  var isASCII: Bool { bytes.allSatisfy { $0 < 0x80 } }

  /// The number of scalars: what `length` gives.
  var scalarCount: Int { bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } }

  /// Where each scalar begins, and the end.
  var scalarStarts: [Int] {
    bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 } + [bytes.count]
  }

  /// The scalar that begins at a byte, and the byte behind it. Half a surrogate pair reads as U+FFFD.
  func scalar(at start: Int) -> (scalar: Unicode.Scalar, end: Int) {
    let lead = bytes[start]
    if lead < 0x80 { return (Unicode.Scalar(lead), start + 1) }
    var end = start + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    var value = UInt32(lead) & (0x7F >> UInt32(min(end - start, 6)))
    for index in start + 1..<end { value = value << 6 | UInt32(bytes[index] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", end)
  }

  /// The scalars in order.
  var scalars: [Unicode.Scalar] {
    var out: [Unicode.Scalar] = []
    var index = 0
    while index < bytes.count {
      let next = scalar(at: index)
      out.append(next.scalar)
      index = next.end
    }
    return out
  }

  /// Each scalar as a text of its own.
  var characters: [TracedText] {
    let starts = scalarStarts
    return zip(starts, starts.dropFirst()).map { self[$0..<$1] }
  }

  /// The text with each scalar replaced; each keeps its place.
  func mapped(_ transform: (Unicode.Scalar, Int) -> String) -> TracedText {
    var out = TracedText()
    out.isMarkup = isMarkup
    var index = 0
    var position = 0
    while index < bytes.count {
      let next = scalar(at: index)
      out.append(transform(next.scalar, position), from: origin(at: index))
      index = next.end
      position += 1
    }
    return out
  }
}
