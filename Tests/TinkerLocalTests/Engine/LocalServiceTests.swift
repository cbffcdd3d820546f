import Foundation
import TestSupport
import Testing
import TinkerData
import TinkerLocal

@Suite struct LocalServiceTests {
  static let sentences: [[UInt32]] = [
    [5, 9, 12, 20, 1], [6, 9, 13, 21, 1], [7, 9, 14, 22, 1], [8, 9, 15, 23, 1],
  ]
  static let adam = AdamParams(learningRate: 1e-2, eps: 1e-8)
  static let lora = LoraConfig(rank: 4, seed: 2)

  static func service(_ folder: URL, threads: Int? = 1) -> LocalService {
    LocalService(
      LocalConfiguration(
        models: [LocalModel(name: "quick", source: .seed(1, TinyModels.quick, .scaled))],
        stateFolder: folder.path, threads: threads))
  }

  /// Runs a body with a service over an empty folder.
  static func withService(
    _ body: (LocalService, URL) async throws -> Void
  ) async throws {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(service(folder), folder)
  }

  static func step(_ trainer: any TrainingBackend) async throws -> Double {
    let pass = try trainer.forwardBackward(
      sentences.map { TinyModels.datum($0) }, loss: .crossEntropy)
    let step = try trainer.optimStep(adam)
    _ = try await step.value
    return try await pass.value.metrics["loss:sum"] ?? .nan
  }

  static func answer(_ sampler: any SamplingBackend, _ prompt: [UInt32]) async throws -> [UInt32] {
    let request = SampleRequest(
      prompt: ModelInput(tokens: prompt),
      params: SamplingParams(maxTokens: 8, temperature: 0))
    return try await sampler.sample(request).sequences[0].tokens
  }

  @Test func learnsByHeart() async throws {
    try await Self.withService { service, _ in
      let models = try await service.supportedModels()
      #expect(models == [SupportedModel(name: "quick", maxContextLength: 64)])
      let trainer = try await service.makeTrainer(baseModel: "quick", lora: Self.lora)
      let first = try await Self.step(trainer)
      for _ in 0..<60 { _ = try await Self.step(trainer) }
      let last = try await Self.step(trainer)
      #expect(first > 20 && last < 8, "\(first) became \(last)")
      let sampler = try await trainer.makeSampler().value
      for sentence in Self.sentences {
        let answer = try await Self.answer(sampler, Array(sentence.prefix(2)))
        #expect(answer == Array(sentence.suffix(3)))
      }
      // A sampler keeps the weights that it was made of.
      for _ in 0..<3 { _ = try await Self.step(trainer) }
      #expect(try await Self.answer(sampler, [5, 9]) == [12, 20, 1])
    }
  }

  @Test func stateGoesOnAsIfNothingHadHappened() async throws {
    try await Self.withService { service, folder in
      let trainer = try await service.makeTrainer(baseModel: "quick", lora: Self.lora)
      _ = try await Self.step(trainer)
      let path = try await trainer.saveState(name: "one").value
      let weightsOnly = try await trainer.saveWeightsForSampler(name: "one").value
      let straight = [try await Self.step(trainer), try await Self.step(trainer)]

      // Another service, as after a restart.
      let restarted = Self.service(folder)
      let again = try await restarted.makeTrainer(fromState: path, withOptimizer: true)
      #expect([try await Self.step(again), try await Self.step(again)] == straight)
      let fresh = try await restarted.makeTrainer(fromState: path, withOptimizer: false)
      let first = try await Self.step(fresh)
      let second = try await Self.step(fresh)
      #expect(first == straight[0])
      #expect(second != straight[1])
      try await again.loadState(path: path, withOptimizer: true).value
      #expect(try await Self.step(again) == straight[0])

      let a = try await restarted.makeSampler(path: weightsOnly)
      let b = try await restarted.makeSampler(path: path)
      let base = try await restarted.makeSampler(baseModel: "quick")
      let scored = try await [a, b, base].asyncMap {
        try await $0.computeLogprobs(ModelInput(tokens: [5, 9, 12]))
      }
      #expect(scored[0] == scored[1])
      #expect(scored[0] != scored[2])
    }
  }

  @Test func checkpointsAreWholeOrAbsent() async throws {
    try await Self.withService { service, folder in
      let trainer = try #require(
        try await service.makeTrainer(baseModel: "quick", lora: Self.lora) as? LocalTrainer)
      let path = try await trainer.saveState(name: "a").value
      _ = try await trainer.saveWeightsForSampler(name: "a").value
      #expect(path == "tinker://\(trainer.runID)/weights/a")
      let names = try FileManager.default.contentsOfDirectory(
        atPath: "\(folder.path)/\(trainer.runID)/weights/a"
      ).sorted()
      #expect(
        names == [
          "adapter_config.json", "adapter_model.safetensors", "optimizer.safetensors",
          "trainer_state.json",
        ])
      #expect(
        try FileManager.default.contentsOfDirectory(
          atPath: "\(folder.path)/\(trainer.runID)/sampler_weights/a"
        ).sorted() == ["adapter_config.json", "adapter_model.safetensors"])
      await #expect(throws: LocalError.self) { try await trainer.saveState(name: "a").value }
      await #expect(throws: LocalError.self) { try await trainer.saveState(name: "../b").value }

      // What a killed process leaves is not listed, and is gone after a restart.
      let half = "\(folder.path)/\(trainer.runID)/weights/.b.123"
      try FileManager.default.createDirectory(atPath: half, withIntermediateDirectories: true)
      try Data([1]).write(to: URL(filePath: half + "/adapter_model.safetensors"))
      let listed = try await service.checkpoints(ofRun: trainer.runID)
      #expect(listed.map(\.id) == ["weights/a", "sampler_weights/a"])
      #expect(listed[0].byteCount ?? 0 > 1000)
      let written = try #require(ISO8601DateFormatter().date(from: listed[0].time))
      #expect(abs(written.timeIntervalSinceNow) < 600)
      let restarted = Self.service(folder)
      _ = try await restarted.supportedModels()
      #expect(!FileManager.default.fileExists(atPath: half))
      try await restarted.deleteCheckpoint(path: path)
      await #expect(throws: LocalError.self) { try await restarted.deleteCheckpoint(path: path) }
      #expect(try await restarted.checkpoints(ofRun: trainer.runID).count == 1)
      await #expect(throws: LocalError.self) { try await restarted.checkpoints(ofRun: "nobody") }
    }
  }

  @Test func allWeightsCanBeTrained() async throws {
    try await Self.withService { service, _ in
      let trainer = try await service.makeFullTrainer(baseModel: "quick")
      let first = try await Self.step(trainer)
      let second = try await Self.step(trainer)
      #expect(second < first)
      let path = try await trainer.saveState(name: "full").value
      let third = try await Self.step(trainer)
      let again = try await service.makeTrainer(fromState: path, withOptimizer: true)
      #expect(try await Self.step(again) == third)
      let live = try await again.makeSampler().value
      let saved = try await service.makeSampler(
        path: try await again.saveWeightsForSampler(name: "full").value)
      let prompt = ModelInput(tokens: [5, 9, 12])
      #expect(
        try await live.computeLogprobs(prompt) == saved.computeLogprobs(prompt))
    }
  }

  @Test func aLossOfTheCallerEqualsTheBuiltInOne() async throws {
    try await Self.withService { service, _ in
      let data = Self.sentences.map { TinyModels.datum($0) }
      let one = try await service.makeTrainer(baseModel: "quick", lora: Self.lora)
      let two = try await service.makeTrainer(baseModel: "quick", lora: Self.lora)
      let custom = try await one.forwardBackwardCustom(data) { _, logprobs in
        CustomLossValue(
          loss: -logprobs.reduce(0) { $0 + $1.reduce(0) { $0 + Double($1) } },
          gradient: logprobs.map { $0.map { _ in -1 } })
      }.value
      let plain = try await two.forwardBackward(data, loss: .crossEntropy).value
      #expect(custom.lossOutputs == plain.lossOutputs)
      #expect(custom.metrics["surrogate_loss:sum"] == plain.metrics["loss:sum"])
      let norms = try await [one, two].asyncMap {
        try await $0.optimStep(Self.adam).value.metrics["optim/grad_norm"] ?? .nan
      }
      #expect(norms[0] == norms[1] && norms[0] > 0)
    }
  }

  @Test func mistakesAreNamed() async throws {
    try await Self.withService { service, _ in
      let trainer = try await service.makeTrainer(baseModel: "quick", lora: Self.lora)
      func refuse(_ words: String, _ body: () async throws -> Void) async {
        do {
          try await body()
          Issue.record("nothing was refused: \(words)")
        } catch {
          #expect("\(error)".contains(words), "\(error)")
          #expect((error as? LocalError)?.isUserError == true)
        }
      }
      func pass(_ data: [Datum]) async throws {
        _ = try await trainer.forwardBackward(data, loss: .crossEntropy).value
      }
      await refuse("no datum") { try await pass([]) }
      await refuse("datum 0 is empty") {
        try await pass([TinyModels.datum([1])])
      }
      await refuse("datum 1 has 65 positions") {
        try await pass([
          TinyModels.datum([1, 2]), TinyModels.datum([UInt32](repeating: 3, count: 66)),
        ])
      }
      await refuse("99 is no token") { try await pass([TinyModels.datum([99, 2])]) }
      await refuse("no model huge") {
        _ = try await service.makeTrainer(baseModel: "huge", lora: Self.lora)
      }
      await refuse("nothing would be trained") {
        let none = LoraConfig(rank: 4, trainUnembed: false, trainMLP: false, trainAttn: false)
        _ = try await service.makeTrainer(baseModel: "quick", lora: none)
      }
      await refuse("rank is 0") {
        _ = try await service.makeTrainer(baseModel: "quick", lora: LoraConfig(rank: 0))
      }
      await refuse("learning_rate") {
        _ = try await trainer.optimStep(AdamParams(learningRate: .nan)).value
      }
      await refuse("beta2") { _ = try await trainer.optimStep(AdamParams(beta2: 1)).value }
      await refuse("tinker://RUN/weights/NAME") { _ = try await service.makeSampler(path: "x") }
      let sampler = try await service.makeSampler(baseModel: "quick")
      func sample(_ request: SampleRequest) async throws { _ = try await sampler.sample(request) }
      let prompt = ModelInput(tokens: [1])
      await refuse("the prompt is empty") { try await sample(SampleRequest(prompt: ModelInput())) }
      await refuse("top_p") {
        try await sample(SampleRequest(prompt: prompt, params: SamplingParams(topP: 0)))
      }
      await refuse("temperature") {
        try await sample(SampleRequest(prompt: prompt, params: SamplingParams(temperature: -1)))
      }
      await refuse("need a tokenizer") {
        try await sample(
          SampleRequest(prompt: prompt, params: SamplingParams(stop: .strings(["x"]))))
      }
      await refuse("num_samples") { try await sample(SampleRequest(prompt: prompt, numSamples: 0)) }
      let image = ImageChunk(data: [], format: .png, expectedTokens: 1, width: 1, height: 1)
      await refuse("qwen3_vl") {
        try await sample(SampleRequest(prompt: ModelInput(chunks: [.image(image)])))
      }
      // After all that the trainer still works.
      #expect(try await Self.step(trainer) > 0)
    }
  }

  @Test func runsOfOneAndTwoThreadsAreEqual() async throws {
    var losses: [[Double]] = []
    for threads in [1, 2] {
      let folder = try Places.scratch()
      defer { try? FileManager.default.removeItem(at: folder) }
      let trainer = try await Self.service(folder, threads: threads).makeTrainer(
        baseModel: "quick", lora: Self.lora)
      losses.append([
        try await Self.step(trainer), try await Self.step(trainer), try await Self.step(trainer),
      ])
    }
    #expect(losses[0] == losses[1])
  }
}

extension Array {
  func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
    var out: [Value] = []
    for element in self { out.append(try await body(element)) }
    return out
  }
}
