import Foundation
import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

@Suite struct CheckpointTests {
  private static func client(_ server: TestServer) async throws -> (ServiceClient, TrainingClient) {
    let service = ServiceClient(ServiceOptions(baseURL: server.url, apiKey: "tml-test"))
    let client = try await service.createLoraTrainingClient(
      baseModel: "tiny", lora: LoraConfig(rank: 4, seed: 1, trainUnembed: false))
    return (service, client)
  }

  @Test func whatIsKeptOfACheckpoint() async throws {
    let server = try await TestServer()
    let (service, client) = try await Self.client(server)
    let path = try await client.saveState(
      name: "a", ttlSeconds: 7200, userMetadata: ["step": "1"]
    ).value
    let rest = service.createRestClient()
    let entry = try await rest.listCheckpoints(runID: client.modelID).elements.first
    #expect(entry?.path == path && entry?.userMetadata == ["step": "1"])
    #expect(entry?.expiresAt != nil && entry?.isPublic == false && (entry?.byteCount ?? 0) > 1000)
    let info = try await rest.getWeightsInfo(path: path)
    #expect(info.loraRank == 4 && info.trainUnembed == false && info.trainMLP == true)
    try await rest.setCheckpointTTL(path: path, ttlSeconds: nil)
    let kept = try await rest.listCheckpoints(runID: client.modelID).elements.first
    #expect(kept?.expiresAt == nil && kept?.time == entry?.time)
    // A name in use is a mistake, unless it is to be replaced.
    await #expect(throws: ClientError.self) { try await client.saveState(name: "a").value }
    #expect(try await client.saveState(name: "a", ttlSeconds: nil, overwrite: true).value == path)
    await #expect(throws: ClientError.self) {
      try await client.saveState(name: "b", ttlSeconds: 5).value
    }
    await #expect(throws: ClientError.self) {
      try await client.saveState(name: "../../b").value
    }
    await server.stop()
  }

  @Test func expiredCheckpointsGo() async throws {
    let server = try await TestServer()
    let (service, client) = try await Self.client(server)
    let path = try await client.saveState(name: "a", ttlSeconds: 3600).value
    let note = server.state.appending(path: path.dropFirst("tinker://".count) + "/checkpoint.json")
    let text = try String(contentsOf: note, encoding: .utf8)
    let expired = text.replacing(/"expires":\d+/, with: "\"expires\":1")
    try Data(expired.utf8).write(to: note)
    let rest = service.createRestClient()
    #expect(try await rest.listCheckpoints(runID: client.modelID).elements.isEmpty)
    await #expect(throws: ClientError.self) {
      try await service.createTrainingClientFromState(path)
    }
    await server.stop()
  }

  @Test func externalWeights() async throws {
    let server = try await TestServer()
    let (service, client) = try await Self.client(server)
    let path = try await client.saveWeightsExternal(name: "out", ttlSeconds: 3600).value.path
    let urls = try await service.createRestClient().getExternalWeightsURLs(path: path).urls
    let url = try #require(urls["adapter_config.json"])
    #expect(Set(urls.keys) == ["adapter_config.json", "adapter_model.safetensors"])
    let whole = try await server.send("GET", url)
    #expect(whole.status == 200 && whole.json["r"]?.int == 4)
    let part = try await server.send("GET", url, headers: [.init("Range", "bytes=3-9")])
    #expect(part.status == 206 && part.body == Array(whole.body[3...9]))
    let rest = try await server.send("GET", url, headers: [.init("Range", "bytes=-4")])
    #expect(rest.body == Array(whole.body.suffix(4)))
    let beyond = try await server.send("GET", url, headers: [.init("Range", "bytes=999999-")])
    #expect(beyond.status == 416)
    let forged = url.replacing("adapter_config.json", with: "checkpoint.json")
    #expect(try await server.send("GET", forged).status == 403)
    #expect(
      try await server.send("GET", url.replacing("signature=", with: "signature=0")).status == 403)
    let later = url.replacing(/expires=\d+/, with: "expires=99999999999")
    #expect(try await server.send("GET", later).status == 403)
    let failure = await #expect(throws: ClientError.self) {
      try await client.saveWeightsExternal(
        name: "secret", ageEncryptionRecipients: ["age1xyz"]
      ).value
    }
    #expect("\(failure.map { "\($0)" } ?? "")".contains("age_encryption_recipients"))
    await server.stop()
  }

  @Test func copies() async throws {
    let server = try await TestServer()
    let (service, client) = try await Self.client(server)
    let path = try await client.saveState(name: "a").value
    let copied = try await server.post(
      "copy_weights",
      [
        "source_path": .string(JSONString(path)), "destination_project_id": "p",
        "ttl_seconds": 3600,
      ])
    let target = try #require(copied.json["tinker_path"]?.text)
    #expect(target != path && target.hasSuffix("/weights/a"))
    let new = try await service.createTrainingClientFromState(target)
    #expect(try await new.info().loraRank == 4)
    await server.stop()
  }
}
