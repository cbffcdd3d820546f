import Foundation
import TestSupport
import Testing
import TinkerClient
import TinkerData

@Suite struct StatusPageTests {
  private static let browser = ["chromium", "chromium-browser", "google-chrome"]
    .map { "/usr/bin/" + $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }

  private static func busyServer() async throws -> TestServer {
    let server = try await TestServer()
    let service = ServiceClient(ServiceOptions(baseURL: server.url, apiKey: "tml-test"))
    let client = try await service.createLoraTrainingClient(
      baseModel: "tiny", lora: LoraConfig(rank: 4, seed: 1))
    let datum = Datum(
      modelInput: ModelInput(tokens: [5, 6, 7]),
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData([6, 7, 8] as [Int64])),
        .init(name: "weights", tensor: TensorData([1, 1, 1] as [Float])),
      ])
    for _ in 0..<10 {
      _ = try client.forwardBackward([datum])
      _ = try client.optimStep(AdamParams(learningRate: 1e-2, eps: 1e-8))
    }
    let path = try await client.saveWeightsForSampler(name: "shown").value
    let sampler = try await service.createSamplingClient(modelPath: path)
    _ = try await sampler.sample(
      SampleRequest(
        prompt: ModelInput(tokens: [5, 6]), params: SamplingParams(maxTokens: 3, temperature: 0)))
    return server
  }

  @Test func holdsEverythingItNeeds() async throws {
    let server = try await TestServer()
    let page = try await server.send("GET", "/")
    let html = String(decoding: page.body, as: UTF8.self)
    #expect(page.status == 200 && html.hasPrefix("<!doctype html>"))
    let foreign = html.matches(of: /(?:src|href)="(?!data:)[^"]*"|@import|url\(/).map { $0.output }
    #expect(foreign.isEmpty, "\(foreign)")
    #expect(page.headers["content-security-policy"] != nil)
    await server.stop()
  }

  @Test(.enabled(if: browser != nil, "needs a browser: apt-get install chromium"))
  func showsWhatHappens() async throws {
    let server = try await Self.busyServer()
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "dom.html")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(filePath: Self.browser ?? "")
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--user-data-dir=\(folder.path)/profile", "--virtual-time-budget=4000", "--dump-dom",
      server.url + "/",
    ]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
    let dom = try String(contentsOf: output, encoding: .utf8)
    for text in ["10 steps", "/sampler_weights/shown", "5 6", "7 8", "aria-label=\"loss from"] {
      #expect(dom.contains(text), "\(text) is missing")
    }
    #expect(!dom.contains("class=\"bad\""))
    await server.stop()
  }
}
