import TinkerData
import TinkerLocal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The engine's half of `Benchmarks/engine.py`: reads a command a line and answers with one line.
///
///     EngineBenchmark FOLDER THREADS
///
/// `save` writes model and adapter below FOLDER and prints their paths; `step` takes a training step and
/// prints processor seconds, seconds and loss; `sample COUNT LENGTH` draws tokens and prints the same
/// times; `memory` prints the peak in kilobytes.
@main
enum EngineBenchmark {
  /// The demonstration: d 128, 4 layers, vocabulary 2,048, 8 × 512 tokens, rank 16.
  static let configuration = ModelConfiguration(
    vocabularySize: 2048, hiddenSize: 128, intermediateSize: 384, layers: 4, heads: 4,
    keyValueHeads: 2, headWidth: 32, contextLength: 4096)
  static let batch = 8
  static let length = 512

  static func main() async throws {
    guard CommandLine.arguments.count == 3, let threads = Int(CommandLine.arguments[2]) else {
      print("EngineBenchmark FOLDER THREADS")
      return
    }
    let folder = CommandLine.arguments[1]
    let service = LocalService(
      LocalConfiguration(
        models: [LocalModel(name: "demo", source: .seed(1, configuration, .scaled))],
        stateFolder: folder, threads: threads))
    let trainer = try await service.makeTrainer(
      baseModel: "demo", lora: LoraConfig(rank: 16, seed: 1))
    let data = examples()
    while let line = readLine() {
      let words = line.split(separator: " ")
      switch words.first {
      case "save":
        let whole = try await service.makeFullTrainer(baseModel: "demo")
        answer(
          try await whole.saveWeightsForSampler(name: "model").value,
          try await trainer.saveWeightsForSampler(name: "adapter").value)
      case "step":
        let start = now()
        let pass = try trainer.forwardBackward(data, loss: .crossEntropy)
        let step = try trainer.optimStep(AdamParams(learningRate: 1e-3, eps: 1e-8))
        _ = try await step.value
        let loss = try await pass.value.metrics["loss:sum"] ?? .nan
        let end = now()
        answer(end.processor - start.processor, end.wall - start.wall, loss)
      case "sample":
        guard words.count == 3, let count = Int(words[1]), let length = Int(words[2]) else {
          return
        }
        let sampler = try await trainer.makeSampler().value
        let request = SampleRequest(
          prompt: ModelInput(tokens: [1, 2, 3, 4]), numSamples: count,
          params: SamplingParams(maxTokens: length, seed: 1, stop: .tokens([])))
        let start = now()
        let response = try await sampler.sample(request)
        let end = now()
        answer(
          end.processor - start.processor, end.wall - start.wall,
          response.sequences.reduce(0) { $0 + $1.tokens.count })
      case "memory": answer(peakKilobytes())
      default: return
      }
    }
  }

  /// Examples whose token i is a fixed function of example and i, so that Python makes the same.
  static func examples() -> [Datum] {
    (0..<batch).map { example in
      let tokens = (0...length).map { Int64((example * 7919 + $0 * 104_729 + $0 * $0 * 31) % 2048) }
      return Datum(
        modelInput: ModelInput(tokens: tokens.dropLast().map { UInt32($0) }),
        lossInputs: [
          .init(name: "target_tokens", tensor: TensorData(Array(tokens.dropFirst()))),
          .init(name: "weights", tensor: TensorData([Float](repeating: 1, count: length))),
        ])
    }
  }

  static func answer(_ values: Any...) {
    print(values.map { "\($0)" }.joined(separator: " "))
    fflush(nil)
  }

  static func now() -> (processor: Double, wall: Double) {
    func seconds(_ clock: clockid_t) -> Double {
      var time = timespec()
      unsafe clock_gettime(clock, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    return (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC))
  }

  static func peakKilobytes() -> Int {
    var usage = rusage()
    unsafe getrusage(0, &usage)  // 0 is RUSAGE_SELF, whose type differs among C libraries
    #if canImport(Darwin)
      return usage.ru_maxrss / 1024
    #else
      return usage.ru_maxrss
    #endif
  }
}
