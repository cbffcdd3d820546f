import Testing
import TinkerData
import TinkerJSON
import TinkerLocal

@Suite struct VisionGoldenTests {
  /// The tiny model with its tower.
  struct Model {
    let weights: DecoderWeights
    let tower: VisionTower
    let tensors: Safetensors
    let compute: Compute

    init(threads: Int) throws {
      let folder = Shared.engine + "/vision/model"
      let configuration = try ModelConfiguration(folder: folder)
      let vision = try #require(configuration.vision)
      compute = Compute(threads: threads)
      weights = try DecoderWeights(folder: folder, configuration: configuration)
      let files = try TensorFolder(path: folder)
      tower = try VisionTower(vision, textWidth: configuration.hiddenSize, compute) {
        (name, shape) throws(LocalError) in
        try files.tensor(name, shape: shape)
      }
      tensors = try Safetensors(path: Shared.engine + "/vision/tensors.safetensors")
    }

    /// The sequence of a case, with features of the images computed one by one.
    func sequence(_ row: JSONValue) throws -> TokenSequence {
      let id = row[at: "id"].text ?? ""
      let ids = row[at: "ids"].tokens
      let places = (row[at: "positions"].array ?? []).map(\.ints)
      var images: [PlacedImage] = []
      var patch = 0
      var at = 0
      for part in row[at: "layout"].array ?? [] {
        if let count = part.int {
          at += count
          continue
        }
        let grid = VisionTower.Grid(rows: part.ints[0], columns: part.ints[1])
        let all = try tensors.tensor(id + ".patches")
        let count = grid.rows * grid.columns
        let patches = Matrix(
          all, offset: patch * 1536, rows: count, columns: 1536, stride: 1536)
        let features = tower.features(patches, grid)
        images.append(
          PlacedImage(start: at, features: features.tower, deepFeatures: features.deep))
        patch += count
        at += count / 4
      }
      return TokenSequence(
        tokens: ids,
        positions: places.map { TokenPosition(time: $0[0], row: $0[1], column: $0[2]) },
        images: images, nextTime: row[at: "next_position"].int ?? 0)
    }

    func adapters() throws -> AdapterSet {
      let file = try Safetensors(path: Shared.engine + "/vision/adapter.safetensors")
      let set = AdapterSet(for: weights, rank: 4, alpha: 16) {
        file[$0.dropFirst("model.language_model.".count) + ".A"] != nil
      }
      for entry in set.layout.entries {
        let values = try file.tensor(Self.stored(entry.name)).values
        for (index, value) in values.enumerated() {
          set.values[entry.range.lowerBound + index] = value
        }
      }
      set.repack()
      return set
    }

    static func stored(_ name: String) -> String {
      String(name.dropFirst("model.language_model.".count)).replacing(".lora_", with: ".")
        .replacing(".weight", with: "")
    }
  }

  @Test(.enabled(if: Shared.isPresent, Shared.reason), arguments: [1, 2])
  func towerLogitsGradientsAndTokens(threads: Int) throws {
    let model = try Model(threads: threads)
    var differences = Differences()
    var cases = 0
    for row in try Shared.rows("vision/cases.jsonl") {
      let id = row[at: "id"].text ?? ""
      let sequence = try model.sequence(row)
      if !sequence.images.isEmpty {
        try compare(
          sequence.images.map(\.features), model.tensors.tensor(id + ".tower"), &differences,
          id + " tower")
        for deep in 0..<2 {
          try compare(
            sequence.images.map { $0.deepFeatures[deep] },
            model.tensors.tensor("\(id).deepstack.\(deep)"), &differences, "\(id) deep \(deep)")
        }
      }
      let pass = DecoderPass(model.compute, model.weights, adapters: nil)
      let trace = try pass.forward(TokenBatch([sequence]), keepsTapes: false)
      try compare(
        [pass.head(trace.output).logits], model.tensors.tensor(id + ".logits"), &differences,
        id + " logits")
      try compareGradients(row, sequence, model, &differences)
      try compareGreedy(row, sequence, pass, &differences)
      cases += 1
    }
    #expect(differences.first.isEmpty, "\(differences.first)")
    #expect(cases == 5)
  }

  private func compare(
    _ mine: [Matrix], _ theirs: FloatBuffer, _ differences: inout Differences, _ place: String
  ) {
    differences.compare(
      mine.flatMap(\.values), theirs.values.map(Double.init), tolerance: 1e-4, place)
  }

  private func compareGradients(
    _ row: JSONValue, _ sequence: TokenSequence, _ model: Model, _ differences: inout Differences
  ) throws {
    let id = row[at: "id"].text ?? ""
    let adapters = try model.adapters()
    let learner = Learner(DecoderPass(model.compute, model.weights, adapters: adapters))
    let count = sequence.tokens.count
    var targets = [Int64](repeating: 0, count: count)
    var weights = [Float](repeating: 0, count: count)
    for pair in (row[at: "targets"].array ?? []).map(\.ints) {
      targets[pair[0]] = Int64(pair[1])
      weights[pair[0]] = 1
    }
    let datum = Datum(
      modelInput: ModelInput(tokens: sequence.tokens),
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData(targets)),
        .init(name: "weights", tensor: TensorData(weights)),
      ])
    let example = Learner.Example(
      sequence: sequence,
      inputs: try LossInputs(
        datum, loss: .crossEntropy, length: count, vocabulary: 64, place: id), place: id)
    let result = try learner.run([example], loss: .crossEntropy, learns: true)
    let sum = row[at: "loss_sum"].double ?? .nan
    differences.compare(result.loss, sum, tolerance: 2e-4 * sum + 2e-4, id + " loss")
    for entry in adapters.layout.entries {
      let theirs = try model.tensors.tensor("\(id).grad.\(Model.stored(entry.name))").values
        .map(Double.init)
      let largest = theirs.map { abs($0) }.max() ?? 0
      differences.compare(
        Array(learner.state.gradients.values[entry.range]), theirs, tolerance: 1e-4 * largest,
        "\(id) \(entry.name)")
    }
  }

  private func compareGreedy(
    _ row: JSONValue, _ sequence: TokenSequence, _ pass: DecoderPass,
    _ differences: inout Differences
  ) throws {
    let cache = KeyValueCache(pass.weights.configuration)
    let trace = try pass.prefill(sequence, into: cache)
    var logits = pass.head(trace.output.rows(sequence.tokens.count - 1..<sequence.tokens.count))
      .logits.rowValues
    var tokens: [Int] = []
    for step in 0..<6 {
      let token = TokenChoice.largest(Array(logits.prefix(60)))
      tokens.append(token)
      let next = DecoderPass.NextToken(
        token: UInt32(token), time: sequence.nextTime + step, cache: cache)
      logits = pass.decode([next]).logits.rowValues
    }
    if tokens != row[at: "greedy"].ints {
      differences.note("\(row[at: "id"]): \(tokens), not \(row[at: "greedy"].ints)")
    }
  }
}
