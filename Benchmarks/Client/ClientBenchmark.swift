import ClientTestSupport
import TinkerClient
import TinkerData

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The client under load; `Benchmarks/client.py` runs it beside the official client.
///
/// `serve`: a scripted service on loopback; prints its address and serves until its input ends.
/// `load URL SAMPLES OPERATIONS`: so many samples at once and queued training operations; prints the
/// processor seconds, the wall seconds and the peak memory in kilobytes.
@main
enum ClientBenchmark {
  struct Usage: Error {}

  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch (arguments.first, arguments.count) {
    case ("serve", 1): try serve()
    case ("load", 4):
      let numbers = arguments.dropFirst(2).compactMap { Int($0) }
      guard numbers.count == 2 else { throw Usage() }
      try await load(Array(arguments)[1], samples: numbers[0], operations: numbers[1])
    default: throw Usage()
    }
  }

  private static func serve() throws {
    let service = ScriptedService(sampleTime: .seconds(2))
    let server = try LoopbackServer { service.answer($0) }
    print(server.url)
    fflush(nil)
    while readLine() != nil {}
    server.stop()
    print("\(service.requests) requests")
  }

  private static func load(_ url: String, samples: Int, operations: Int) async throws {
    let service = ServiceClient(ServiceOptions(baseURL: url, apiKey: "tml-test"))
    let start = ContinuousClock.now
    let sampler = try await service.createSamplingClient(baseModel: "m")
    let prompt = ModelInput(tokens: Array(0..<512))
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<samples {
        group.addTask {
          let response = try await sampler.sample(
            SampleRequest(prompt: prompt, params: SamplingParams(maxTokens: 64)))
          return response.sequences[0].tokens.count
        }
      }
      for try await count in group where count != 64 { throw Usage() }
    }
    let trainer = try await service.createLoraTrainingClient(baseModel: "m")
    let datum = Datum(
      modelInput: prompt,
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData((0..<512).map { Int64($0) })),
        .init(name: "weights", tensor: TensorData([Float](repeating: 1, count: 512))),
      ])
    var passes: [TrainingOperation<ForwardBackwardOutput>] = []
    var steps: [TrainingOperation<OptimStepOutput>] = []
    for _ in 0..<(operations / 2) {
      passes.append(try trainer.forwardBackward([datum]))
      steps.append(try trainer.optimStep(AdamParams()))
    }
    for (pass, step) in zip(passes, steps) { _ = try await (pass.value, step.value) }
    let wall = start.duration(to: .now)
    var usage = rusage()
    unsafe getrusage(0, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    let processor = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    print(
      "\(processor) \(Double(wall.components.seconds) + Double(wall.components.attoseconds) / 1e18) \(usage.ru_maxrss)"
    )
  }
}
