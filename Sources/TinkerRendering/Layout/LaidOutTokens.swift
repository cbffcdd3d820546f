public import TinkerData

/// Tokens with the segments that describe them; everything else is derived from the two.
public protocol LaidOutTokens: Sendable {
  /// The tokens in order, with 0 at each position of an image.
  var tokens: [UInt32] { get }
  /// What the tokens are, in order and without gaps.
  var segments: [Segment] { get }
  /// The images, in the order of the segments of kind `image`.
  var images: [ImageChunk] { get }
}

extension LaidOutTokens {
  /// The chunks: one for each call of the tokenizer, some of them empty, and one for each image.
  public var chunks: [ModelInputChunk] {
    var out: [ModelInputChunk] = []
    out.reserveCapacity(segments.count)
    var imageIndex = 0
    var index = 0
    while index < segments.count {
      let segment = segments[index]
      index += 1
      if segment.kind == .image {
        guard imageIndex < images.count else { continue }
        out.append(.image(images[imageIndex]))
        imageIndex += 1
        continue
      }
      var end = segment.range.upperBound
      while index < segments.count, !segments[index].startsChunk {
        end = segments[index].range.upperBound
        index += 1
      }
      out.append(.tokens(Array(tokens[segment.range.lowerBound..<end])))
    }
    return out
  }

  /// The chunks as a model's input.
  public var modelInput: ModelInput { ModelInput(chunks: chunks) }

  /// The weight of each position.
  public var weights: [Float] {
    var out: [Float] = []
    out.reserveCapacity(tokens.count)
    for segment in segments {
      out.append(contentsOf: repeatElement(segment.weight, count: segment.range.count))
    }
    return out
  }

  /// The weights as runs of equal ones, in order and without empty runs.
  public var weightRuns: [(weight: Float, count: Int)] {
    var out: [(weight: Float, count: Int)] = []
    for segment in segments where !segment.range.isEmpty {
      if let last = out.last, last.weight == segment.weight {
        out[out.count - 1].count += segment.range.count
      } else {
        out.append((segment.weight, segment.range.count))
      }
    }
    return out
  }
}
