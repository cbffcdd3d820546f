internal import TinkerData

/// An input position by position, for comparison: tokens, and images as wholes.
struct FlatInput {
  enum Element: Hashable {
    case token(UInt32)
    case chunk(ModelInputChunk)

    var length: Int {
      switch self {
      case .token: 1
      case .chunk(let chunk): chunk.length
      }
    }
  }

  private(set) var elements: [Element] = []

  init() {}

  init(_ input: ModelInput) {
    for chunk in input.chunks {
      if case .tokens(let tokens) = chunk {
        elements += tokens.map(Element.token)
      } else {
        elements.append(.chunk(chunk))
      }
    }
  }

  /// The number of positions.
  var length: Int { elements.reduce(0) { $0 + $1.length } }

  mutating func append(_ tokens: [UInt32]) { elements += tokens.map(Element.token) }

  mutating func append(_ more: ArraySlice<Element>) { elements += more }

  /// The index of the first element at which another input does not go on from this one; `nil` if it does.
  func firstDifference(from other: FlatInput) -> Int? {
    for index in elements.indices {
      guard index < other.elements.count, elements[index] == other.elements[index] else {
        return index
      }
    }
    return nil
  }

  /// The input without its last token.
  var input: ModelInput {
    var out = ModelInput()
    for element in elements {
      switch element {
      case .token(let token): out.append([token])
      case .chunk(let chunk): out.chunks.append(chunk)
      }
    }
    return out
  }

  /// The token of each position; 0 at images.
  var tokens: [UInt32] {
    elements.flatMap { element -> [UInt32] in
      switch element {
      case .token(let token): [token]
      case .chunk(let chunk): [UInt32](repeating: 0, count: chunk.length)
      }
    }
  }

  mutating func removeLast() { elements.removeLast() }
}
