import Foundation
import Synchronization
import TestSupport
import Testing
import TinkerClient
import TinkerData
import TinkerWire

/// A server that is killed in the middle of something leaves what is finished, and nothing half.
@Suite(.serialized) struct KillTests {
  private static func serve(_ state: URL) throws -> ServedProcess {
    // Adapters of a few megabytes, so that a save takes a while.
    try ServedProcess([
      "--model", "wide=seed:1,vocab=512,width=256,layers=4,heads=4,context=128",
      "--state", state.path,
    ])
  }

  private static func datum() -> Datum {
    Datum(
      modelInput: ModelInput(tokens: [5, 6, 7]),
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData([6, 7, 8] as [Int64])),
        .init(name: "weights", tensor: TensorData([1, 1, 1] as [Float])),
      ])
  }

  private static func client(_ process: ServedProcess, rank: Int = 32) async throws -> (
    ServiceClient, TrainingClient
  ) {
    let service = ServiceClient(ServiceOptions(baseURL: process.url, apiKey: "tml-test"))
    let client = try await service.createLoraTrainingClient(
      baseModel: "wide", lora: LoraConfig(rank: rank, seed: 1))
    return (service, client)
  }

  /// Kills the server so many milliseconds after a save began, and again with another delay.
  @Test func inASaveAndAStep() async throws {
    let state = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: state) }
    var finished: [String] = []
    for (round, delay) in [0, 2, 5, 9, 15, 25].enumerated() {
      let process = try Self.serve(state)
      let (service, client) = try await Self.client(process)
      let first = try await client.saveState(name: "done-\(round)").value
      finished.append(first)
      for _ in 0..<4 {
        _ = try client.forwardBackward([Self.datum()])
        _ = try client.optimStep(AdamParams(learningRate: 1e-3))
      }
      let save = try client.saveState(name: "half-\(round)")
      try await save.submitted
      try await Task.sleep(for: .milliseconds(delay))
      process.kill()
      save.cancel()
      _ = service
    }
    let process = try Self.serve(state)
    let service = ServiceClient(ServiceOptions(baseURL: process.url, apiKey: "tml-test"))
    let rest = service.createRestClient()
    let listed = try await rest.listUserCheckpoints(limit: 100, offset: 0).elements
    #expect(Set(finished).isSubset(of: Set(listed.map(\.path))))
    // Whatever is listed can be trained on.
    for checkpoint in listed {
      let client = try await service.createTrainingClientFromStateWithOptimizer(checkpoint.path)
      let loss = try await client.forward([Self.datum()]).value.metrics["loss:sum"]
      #expect(loss != nil)
    }
    let leftovers =
      FileManager.default.enumerator(atPath: state.path)?
      .compactMap { $0 as? String }
      .filter { $0.split(separator: "/").last?.hasPrefix(".half") == true } ?? []
    #expect(leftovers.isEmpty, "\(leftovers)")
    process.kill()
  }

  @Test func inADownload() async throws {
    let state = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: state) }
    let target = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: target) }
    let process = try Self.serve(state)
    // More than the buffers of a connection hold.
    let (_, client) = try await Self.client(process, rank: 256)
    let path = try await client.saveWeightsExternal(name: "out").value.path
    let whole = try Data(contentsOf: Self.file(path, in: state))
    let urls = try await RestClient(ServiceOptions(baseURL: process.url, apiKey: "tml-test"))
      .getExternalWeightsURLs(path: path).urls
    let address = try #require(urls["adapter_model.safetensors"])
    let received = Received()
    // The server dies at the first bytes of the file.
    await #expect(throws: TransportError.self) {
      try await CurlTransport().send(HTTPRequest(method: "GET", url: address)) { _, bytes in
        received.bytes.withLock { $0 += bytes }
        process.kill()
      }
    }
    let begun = received.bytes.withLock { $0 }
    #expect(!begun.isEmpty && begun.count < whole.count && Data(begun) == whole.prefix(begun.count))
    try Data(begun).write(to: target.appending(path: "adapter_model.safetensors.incomplete"))

    let again = try Self.serve(state)
    let rest = RestClient(ServiceOptions(baseURL: again.url, apiKey: "tml-test"))
    let names = try await rest.downloadExternalWeights(path: path, to: target.path)
    #expect(names == ["adapter_config.json", "adapter_model.safetensors"])
    #expect(try Data(contentsOf: target.appending(path: names[1])) == whole)
    again.kill()
  }

  private final class Received: Sendable {
    let bytes = Mutex<[UInt8]>([])
  }

  private static func file(_ path: String, in state: URL) -> URL {
    state.appending(path: String(path.dropFirst("tinker://".count)))
      .appending(path: "adapter_model.safetensors")
  }

  @Test func twoServersDoNotShareAState() throws {
    let state = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: state) }
    let process = try Self.serve(state)
    let failure = #expect(throws: ServedProcess.Failure.self) { try Self.serve(state) }
    #expect(failure?.description.contains("another server uses") == true)
    process.kill()
  }
}
