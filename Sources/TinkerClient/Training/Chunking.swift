package import TinkerData
package import TinkerWire

/// The parts in which the examples of one pass are sent.
package enum Chunking {
  /// The bytes that an example is taken for, as it is sent.
  static func estimatedBytes(_ datum: Datum) -> Int {
    var total = 0
    for chunk in datum.modelInput.chunks {
      switch chunk {
      case .tokens(let tokens): total += 4 * tokens.count
      case .image(let image): total += image.data.count
      case .audio(let audio): total += audio.data.count
      case .imageAssetPointer(let pointer): total += pointer.location.utf8.count
      }
    }
    for input in datum.lossInputs {
      let tensor = input.formOnWire
      total += tensor.elements.byteCount
      if let rows = tensor.sparseRows { total += 8 * (rows.rowPointers.count + rows.columns.count) }
    }
    return total
  }

  /// A part: which examples, and the bytes that they are taken for.
  package struct Part: Sendable, Hashable {
    package var range: Range<Int>
    package var bytes: Int
  }

  /// Examples in order; a new part begins when the current one would exceed the bytes or holds the most
  /// examples. An example that is larger than the limit makes a part of its own.
  package static func parts(of data: [Datum], _ config: ClientConfig) -> [Part] {
    var parts: [Part] = []
    for (index, datum) in data.enumerated() {
      let bytes = estimatedBytes(datum)
      if let last = parts.last, last.range.count < config.chunkLength,
        last.bytes + bytes <= config.chunkBytes
      {
        parts[parts.count - 1].range = last.range.lowerBound..<index + 1
        parts[parts.count - 1].bytes += bytes
      } else {
        parts.append(Part(range: index..<index + 1, bytes: bytes))
      }
    }
    return parts
  }
}
