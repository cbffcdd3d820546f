internal import TinkerJSON

/// The extents of a Qwen3-VL vision tower.
public struct VisionConfiguration: Sendable, Hashable {
  /// The number of blocks.
  public var depth: Int
  /// The width of a patch's features.
  public var hiddenSize: Int
  /// The width of the blocks' inner layer.
  public var intermediateSize: Int
  /// The number of heads.
  public var heads: Int
  /// The side of the position table.
  public var positionSide: Int
  /// The side of a patch in pixels.
  public var patchSize: Int
  /// The side in patches of the block that makes one position of the text model.
  public var mergeSize: Int
  /// The blocks whose features are added inside the decoder.
  public var deepStackBlocks: [Int]
  /// The token that stands at image positions.
  public var imageToken: UInt32
  /// The fewest pixels to which an image is resized.
  public var minPixels: Int
  /// The most pixels to which an image is resized.
  public var maxPixels: Int

  /// The values of a patch: 3 channels × 2 times × side × side.
  public var patchLength: Int { 6 * patchSize * patchSize }

  /// A tower; the sizes of images are those of Qwen3-VL unless given.
  public init(
    depth: Int, hiddenSize: Int, intermediateSize: Int, heads: Int, positionSide: Int = 48,
    patchSize: Int = 16, mergeSize: Int = 2, deepStackBlocks: [Int] = [], imageToken: UInt32,
    minPixels: Int = 65536, maxPixels: Int = 16_777_216
  ) {
    self.depth = depth
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.heads = heads
    self.positionSide = positionSide
    self.patchSize = patchSize
    self.mergeSize = mergeSize
    self.deepStackBlocks = deepStackBlocks
    self.imageToken = imageToken
    self.minPixels = minPixels
    self.maxPixels = maxPixels
  }

  /// Reads the `vision_config` of a model's configuration.
  init(_ config: JSONObject, path: String) throws(LocalError) {
    func fail(_ problem: String) -> LocalError { .model(path: path, problem: problem) }
    guard let vision = config["vision_config"]?.object else {
      throw fail("vision_config is missing")
    }
    func int(_ key: String, _ absent: Int?) throws(LocalError) -> Int {
      guard let value = vision[key]?.int ?? absent else {
        throw fail("vision_config.\(key) is missing or no integer")
      }
      return value
    }
    guard try int("in_channels", 3) == 3, try int("temporal_patch_size", 2) == 2 else {
      throw fail("the tower reads 3 channels at 2 times only")
    }
    let activation = vision["hidden_act"]?.text ?? "gelu_pytorch_tanh"
    guard activation == "gelu_pytorch_tanh" else {
      throw fail("vision_config.hidden_act is \(activation); gelu_pytorch_tanh is needed")
    }
    let positions = try int("num_position_embeddings", 2304)
    let side = Int(Double(max(0, positions)).squareRoot())
    guard side * side == positions else {
      throw fail("num_position_embeddings \(positions) is no square")
    }
    guard let token = config["image_token_id"]?.int.flatMap({ UInt32(exactly: $0) }) else {
      throw fail("image_token_id is missing")
    }
    self.init(
      depth: try int("depth", nil), hiddenSize: try int("hidden_size", nil),
      intermediateSize: try int("intermediate_size", nil), heads: try int("num_heads", nil),
      positionSide: side, patchSize: try int("patch_size", 16),
      mergeSize: try int("spatial_merge_size", 2),
      deepStackBlocks: vision["deepstack_visual_indexes"]?.array?.compactMap(\.int) ?? [],
      imageToken: token)
    let out = try int("out_hidden_size", nil)
    let text = config["text_config"]?.object?["hidden_size"]?.int
    guard out == text else {
      throw fail("vision_config.out_hidden_size \(out) is not the text model's hidden_size")
    }
  }

  /// Says what is wrong with the extents, if anything is.
  func check(path: String) throws(LocalError) {
    func fail(_ problem: String) -> LocalError { .model(path: path, problem: problem) }
    let extents = [
      ("depth", depth, 1024), ("hidden_size", hiddenSize, 1 << 16),
      ("intermediate_size", intermediateSize, 1 << 20), ("num_heads", heads, 4096),
      ("num_position_embeddings' side", positionSide, 4096), ("patch_size", patchSize, 256),
      ("spatial_merge_size", mergeSize, 16),
    ]
    for (name, value, most) in extents where value < 1 || value > most {
      throw fail("vision_config.\(name) is \(value); a number from 1 to \(most) is needed")
    }
    guard hiddenSize % (4 * heads) == 0 else {
      throw fail("vision_config.hidden_size \(hiddenSize) is no multiple of 4 × num_heads")
    }
    guard deepStackBlocks.allSatisfy({ $0 >= 0 && $0 < depth }) else {
      throw fail("deepstack_visual_indexes name a block that does not exist")
    }
  }
}
