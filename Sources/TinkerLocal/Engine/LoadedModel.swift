internal import TinkerData
internal import TinkerTokenizer

/// A base model in memory.
struct LoadedModel {
  let name: String
  let weights: DecoderWeights
  let tokenizer: Tokenizer?
  /// The base weights at work, without adapters.
  let base: DecoderPass
  /// The tower of a model that reads images.
  let vision: VisionModel?

  init(_ model: LocalModel, _ compute: Compute) throws(LocalError) {
    name = model.name
    var folder = model.tokenizerFolder
    switch model.source {
    case .folder(let path):
      let configuration = try ModelConfiguration(folder: path)
      weights = try DecoderWeights(folder: path, configuration: configuration)
      vision = try configuration.vision.map { vision throws(LocalError) in
        try VisionModel(folder: path, configuration, vision, compute)
      }
      if folder == nil && FileSystem.exists(path + "/tokenizer.json") { folder = path }
    case .seed(let seed, let configuration, let initialization):
      try configuration.check(path: model.name)
      weights = try DecoderWeights(
        seed: seed, initialization: initialization, configuration: configuration)
      vision = try configuration.vision.map { vision throws(LocalError) in
        try VisionModel(seed: seed, configuration, vision, compute)
      }
    }
    base = DecoderPass(compute, weights, adapters: nil)
    guard let folder else {
      tokenizer = nil
      return
    }
    do {
      tokenizer = try Tokenizer(contentsOf: folder)
    } catch {
      throw .model(path: folder, problem: "the tokenizer cannot be used: \(error)")
    }
  }

  /// The weights of the model as trainable values of their own.
  static func trainable(_ model: LocalModel) throws(LocalError) -> DecoderWeights {
    switch model.source {
    case .folder(let path):
      try DecoderWeights(
        folder: path, configuration: try ModelConfiguration(folder: path), isTrained: true)
    case .seed(let seed, let configuration, let initialization):
      try DecoderWeights(
        seed: seed, initialization: initialization, configuration: configuration, isTrained: true)
    }
  }

  /// The configuration of a model that may not be in memory.
  static func configuration(_ model: LocalModel) throws(LocalError) -> ModelConfiguration {
    switch model.source {
    case .folder(let path): try ModelConfiguration(folder: path)
    case .seed(_, let configuration, _): configuration
    }
  }

  /// Checks an input and lays it out as a sequence.
  ///
  /// - Throws: `LocalError.request` that names the place, for anything that the model cannot read.
  func sequence(_ input: ModelInput, place: String) throws(LocalError) -> TokenSequence {
    let c = weights.configuration
    var out = TokenSequence(tokens: [], positions: [], images: [], nextTime: 0)
    for chunk in input.chunks {
      switch chunk {
      case .tokens(let run): out.append(run)
      case .image(let image):
        guard let vision else {
          throw .request("\(place): \(name) reads text only; a model of type qwen3_vl takes images")
        }
        let seen = try vision.look(at: image, place: place)
        // Before the features are laid out, so that no oversized input is.
        try checkLength(out.tokens.count + seen.rows * seen.columns, place)
        out.append(seen, token: vision.configuration.imageToken)
      case .imageAssetPointer:
        throw .request("\(place): the embedded engine stores no images; send the image itself")
      case .audio: throw .request("\(place): \(name) reads no audio")
      }
    }
    guard !out.tokens.isEmpty else { throw .request("\(place) is empty") }
    try checkLength(out.tokens.count, place)
    if let outside = out.tokens.first(where: { $0 >= c.vocabularySize }) {
      throw .request("\(place): \(outside) is no token of a vocabulary of \(c.vocabularySize)")
    }
    return out
  }

  private func checkLength(_ count: Int, _ place: String) throws(LocalError) {
    let limit = weights.configuration.contextLength
    guard count <= limit else {
      throw .request("\(place) has \(count) positions; \(name) takes at most \(limit)")
    }
  }
}

extension TokenSequence {
  /// Goes on with text.
  fileprivate mutating func append(_ run: [UInt32]) {
    tokens += run
    positions += run.indices.map { TokenPosition(nextTime + $0) }
    nextTime += run.count
  }

  /// Goes on with an image.
  fileprivate mutating func append(_ seen: VisionModel.Seen, token: UInt32) {
    let (places, next) = seen.positions(from: nextTime)
    images.append(
      PlacedImage(
        start: tokens.count, features: seen.features.tower, deepFeatures: seen.features.deep))
    tokens += [UInt32](repeating: token, count: places.count)
    positions += places
    nextTime = next
  }
}
