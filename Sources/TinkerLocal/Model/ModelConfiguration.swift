/// The extents and constants of a decoder, as `config.json` gives them.
public struct ModelConfiguration: Sendable, Hashable {
  /// The number of tokens, padding rows included.
  public var vocabularySize: Int
  /// The width of the residual stream.
  public var hiddenSize: Int
  /// The width of the gate.
  public var intermediateSize: Int
  /// The number of layers.
  public var layers: Int
  /// The number of query heads.
  public var heads: Int
  /// The number of key and value heads, of which the query heads are a multiple.
  public var keyValueHeads: Int
  /// The width of a head; even.
  public var headWidth: Int
  /// Added to the mean of squares in every norm.
  public var normEpsilon: Float
  /// The base of the rotation's frequencies.
  public var ropeBase: Double
  /// Whether the output matrix is the embedding.
  public var isTied: Bool
  /// The tokens that end a sequence.
  public var endTokens: [UInt32]
  /// The longest sequence.
  public var contextLength: Int
  /// The deviation of initial values in the `hf` initialisation.
  public var initializerRange: Double
  /// How many frequencies follow the time, row and column of an image; `nil` for text models.
  public var ropeSections: [Int]?
  /// The vision tower; `nil` for text models.
  public var vision: VisionConfiguration?

  /// A configuration. With a tower the rotation follows rows and columns of images, in sections of half,
  /// a quarter and a quarter of the frequencies unless `ropeSections` says otherwise.
  public init(
    vocabularySize: Int, hiddenSize: Int, intermediateSize: Int, layers: Int, heads: Int,
    keyValueHeads: Int, headWidth: Int = 128, normEpsilon: Float = 1e-6, ropeBase: Double = 10000,
    isTied: Bool = false, endTokens: [UInt32] = [], contextLength: Int = 4096,
    initializerRange: Double = 0.02, ropeSections: [Int]? = nil,
    vision: VisionConfiguration? = nil
  ) {
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headWidth = headWidth
    self.normEpsilon = normEpsilon
    self.ropeBase = ropeBase
    self.isTied = isTied
    self.endTokens = endTokens
    self.contextLength = contextLength
    self.initializerRange = initializerRange
    let quarter = headWidth / 8
    self.ropeSections =
      ropeSections ?? vision.map { _ in [headWidth / 2 - 2 * quarter, quarter, quarter] }
    self.vision = vision
  }

  /// The columns of all query heads.
  var queryWidth: Int { heads * headWidth }
  /// The columns of all key, or all value, heads.
  var keyWidth: Int { keyValueHeads * headWidth }
  /// The columns of queries, keys and values together.
  var attentionWidth: Int { queryWidth + 2 * keyWidth }

  /// Says what is wrong with the extents, if anything is.
  func check(path: String) throws(LocalError) {
    func fail(_ problem: String) -> LocalError { .model(path: path, problem: problem) }
    // The limits keep the number of all parameters within an integer.
    let extents = [
      ("vocab_size", vocabularySize, 1 << 24), ("hidden_size", hiddenSize, 1 << 20),
      ("intermediate_size", intermediateSize, 1 << 22), ("num_hidden_layers", layers, 1024),
      ("num_attention_heads", heads, 4096), ("num_key_value_heads", keyValueHeads, 4096),
      ("head_dim", headWidth, 4096), ("max_position_embeddings", contextLength, 1 << 24),
    ]
    for (name, value, most) in extents where value < 1 || value > most {
      throw fail("\(name) is \(value); a number from 1 to \(most) is needed")
    }
    guard heads % keyValueHeads == 0 else {
      throw fail("num_attention_heads \(heads) is not a multiple of num_key_value_heads")
    }
    guard headWidth % 2 == 0 else { throw fail("head_dim \(headWidth) is odd") }
    guard ropeBase > 0, normEpsilon >= 0 else {
      throw fail("rope_theta or rms_norm_eps is negative")
    }
    guard let vision else { return }
    try vision.check(path: path)
    guard vision.imageToken < vocabularySize else {
      throw fail("image_token_id \(vision.imageToken) is not below vocab_size")
    }
    guard let ropeSections, ropeSections.count == 3, ropeSections.allSatisfy({ $0 >= 0 }) else {
      throw fail("mrope_section is not three numbers")
    }
  }
}
