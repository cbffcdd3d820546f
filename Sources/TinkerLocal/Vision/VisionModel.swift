internal import TinkerData
internal import TinkerVision

/// A tower with its preprocessor, and the features of the images that it has seen.
final class VisionModel {
  /// The most floats of features that are kept.
  private static let cacheLimit = 1 << 26

  /// The features of an image and the places of its positions.
  struct Seen {
    let features: VisionTower.Features
    /// The rows of merged patches.
    let rows: Int
    /// The columns of merged patches.
    let columns: Int
  }

  let configuration: VisionConfiguration
  private let tower: VisionTower
  private let preprocessor: ImagePreprocessor
  private var seen: [[UInt8]: Seen] = [:]
  private var order: [[UInt8]] = []
  private var kept = 0

  /// The tower of a model folder, with its `preprocessor_config.json` if there is one.
  convenience init(
    folder: String, _ c: ModelConfiguration, _ vision: VisionConfiguration, _ compute: Compute
  )
    throws(LocalError)
  {
    let files = try TensorFolder(path: folder)
    let tower = try VisionTower(vision, textWidth: c.hiddenSize, compute) {
      (name, shape) throws(LocalError) in
      try files.tensor(name, shape: shape)
    }
    let path = folder + "/preprocessor_config.json"
    var described: PreprocessorConfiguration?
    if FileSystem.exists(path) {
      let bytes = try FileSystem.read(path)
      do { described = try PreprocessorConfiguration(parsing: bytes) } catch {
        throw .model(path: path, problem: "\(error)")
      }
    }
    try self.init(vision, tower, described, path: path)
  }

  /// A tower of random weights: matrices gauss · 1/√inputs, positions gauss, norms 1, biases 0.
  convenience init(
    seed: UInt64, _ c: ModelConfiguration, _ vision: VisionConfiguration, _ compute: Compute
  )
    throws(LocalError)
  {
    let tower = try VisionTower(vision, textWidth: c.hiddenSize, compute) {
      (name, shape) throws(LocalError) in
      if shape.count == 1 {
        return FloatBuffer([Float](repeating: name.hasSuffix(".bias") ? 0 : 1, count: shape[0]))
      }
      let inputs = shape.dropFirst().reduce(1, *)
      let out = Matrix(rows: shape[0], columns: inputs)
      let isTable = name.hasSuffix("pos_embed.weight")
      out.fillGauss(
        seed: seed, name: name, deviation: isTable ? 1 : 1 / Double(inputs).squareRoot())
      return out.buffer
    }
    try self.init(vision, tower, nil, path: "seed")
  }

  private init(
    _ vision: VisionConfiguration, _ tower: VisionTower, _ described: PreprocessorConfiguration?,
    path: String
  ) throws(LocalError) {
    configuration = vision
    self.tower = tower
    do {
      let size = try QwenSizeRule(
        patchSize: vision.patchSize, mergeSize: vision.mergeSize, minPixels: vision.minPixels,
        maxPixels: vision.maxPixels)
      let preset = try PreprocessorConfiguration(
        size: .qwen(size), mean: PreprocessorConfiguration.qwen3VL.mean,
        deviation: PreprocessorConfiguration.qwen3VL.deviation)
      preprocessor = try ImagePreprocessor(described ?? preset)
    } catch {
      throw .model(path: path, problem: "\(error)")
    }
    guard preprocessor.patchLength == vision.patchLength else {
      throw .model(path: path, problem: "its patches are not those of the tower")
    }
  }

  /// The features of an image; computed once for each file.
  ///
  /// - Throws: `LocalError.request` for a file that cannot be used, or whose positions differ from those
  ///   that the chunk expects.
  func look(at chunk: ImageChunk, place: String) throws(LocalError) -> Seen {
    let seen = try features(of: chunk, place: place)
    let count = seen.rows * seen.columns
    guard chunk.expectedTokens == 0 || chunk.expectedTokens == count else {
      throw .request(
        "\(place): the image takes \(count) positions, but expected_tokens is"
          + " \(chunk.expectedTokens)")
    }
    return seen
  }

  private func features(of chunk: ImageChunk, place: String) throws(LocalError) -> Seen {
    if let known = seen[chunk.data] { return known }
    var buffer = PatchBuffer()
    do { try preprocessor.patches(of: [chunk.data], into: &buffer) } catch {
      throw .request("\(place): the image cannot be used: \(error)")
    }
    guard let grid = buffer.grids.first else {
      throw .request("\(place): the image has no patches")
    }
    let patches = Matrix(rows: buffer.patchCount, columns: buffer.patchLength)
    patches.fill(from: buffer.values)
    let features = tower.features(
      patches, VisionTower.Grid(rows: grid.rows, columns: grid.columns))
    let out = Seen(
      features: features, rows: grid.rows / configuration.mergeSize,
      columns: grid.columns / configuration.mergeSize)
    keep(out, for: chunk.data)
    return out
  }

  private func keep(_ new: Seen, for data: [UInt8]) {
    func floats(_ seen: Seen) -> Int {
      seen.features.tower.buffer.count * (1 + seen.features.deep.count)
    }
    kept += floats(new)
    seen[data] = new
    order.append(data)
    while kept > Self.cacheLimit, order.count > 1 {
      if let old = seen.removeValue(forKey: order.removeFirst()) { kept -= floats(old) }
    }
  }
}

extension VisionModel.Seen {
  /// The places of the image's positions when it starts at a time, and the time after it.
  func positions(from time: Int) -> (places: [TokenPosition], next: Int) {
    let places = (0..<rows * columns).map {
      TokenPosition(time: time, row: time + $0 / columns, column: time + $0 % columns)
    }
    return (places, time + max(rows, columns))
  }
}
