/// The place of a token: its time, and for image positions also row and column.
package struct TokenPosition: Sendable, Hashable {
  /// The position along the text.
  package var time: Int
  /// The row in an image; the same as `time` in text.
  package var row: Int
  /// The column in an image; the same as `time` in text.
  package var column: Int

  /// The place of a text token.
  package init(_ time: Int) {
    self.time = time
    row = time
    column = time
  }

  /// The place of an image token.
  package init(time: Int, row: Int, column: Int) {
    self.time = time
    self.row = row
    self.column = column
  }
}

/// One sequence of positions that attend to each other, earlier to later never.
package struct TokenSequence {
  /// The tokens; at image positions any number.
  package var tokens: [UInt32]
  /// The place of each token.
  package var positions: [TokenPosition]
  /// The images' features.
  package var images: [PlacedImage]
  /// The time at which text after the sequence goes on.
  package var nextTime: Int

  /// For each row whether the next one belongs to an image; such a row has nothing to predict.
  package var precedesImage: [Bool] {
    var out = [Bool](repeating: false, count: tokens.count)
    for image in images {
      for row in image.rows(from: 0) where row > 0 { out[row - 1] = true }
    }
    return out
  }

  /// A sequence of text.
  package init(_ tokens: [UInt32]) {
    self.tokens = tokens
    positions = tokens.indices.map { TokenPosition($0) }
    images = []
    nextTime = tokens.count
  }

  /// A sequence with all its parts.
  package init(
    tokens: [UInt32], positions: [TokenPosition], images: [PlacedImage], nextTime: Int
  ) {
    self.tokens = tokens
    self.positions = positions
    self.images = images
    self.nextTime = nextTime
  }
}

/// The features of an image at its place in a sequence.
package struct PlacedImage {
  /// The first row of the sequence that the image takes.
  package let start: Int
  /// What replaces the embeddings, `[count, hidden]`.
  package let features: Matrix
  /// What is added after the first layers, one matrix `[count, hidden]` a layer.
  package let deepFeatures: [Matrix]

  /// Features at a place.
  package init(start: Int, features: Matrix, deepFeatures: [Matrix]) {
    self.start = start
    self.features = features
    self.deepFeatures = deepFeatures
  }

  /// The rows that the image takes, in a batch where its sequence starts at `offset`.
  func rows(from offset: Int) -> Range<Int> {
    offset + start..<offset + start + features.rows
  }
}

/// Sequences behind one another without padding.
package struct TokenBatch {
  /// All tokens.
  package let tokens: [UInt32]
  /// The place of each token in its sequence.
  package let positions: [TokenPosition]
  /// The rows of each sequence.
  package let sequences: [Range<Int>]
  /// The images with the rows at which their sequences start.
  let images: [(offset: Int, image: PlacedImage)]

  /// A batch of sequences.
  package init(_ parts: [TokenSequence]) {
    var tokens: [UInt32] = []
    var positions: [TokenPosition] = []
    var sequences: [Range<Int>] = []
    var images: [(Int, PlacedImage)] = []
    for part in parts {
      let start = tokens.count
      tokens += part.tokens
      positions += part.positions
      sequences.append(start..<tokens.count)
      images += part.images.map { (start, $0) }
    }
    self.tokens = tokens
    self.positions = positions
    self.sequences = sequences
    self.images = images
  }

  /// The number of rows.
  package var count: Int { tokens.count }
}
