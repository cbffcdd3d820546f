import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

@Suite struct RuleTests {
  @Test func timesOfTheCalendar() {
    #expect(WallClock.seconds(rfc3339: "1970-01-01T00:00:00Z") == 0)
    #expect(WallClock.seconds(rfc3339: "2024-02-29T12:30:15.25Z") == 1_709_209_815)
    #expect(WallClock.seconds(rfc3339: "2026-11-25T09:00:00Z") == 1_795_597_200)
    for bad in ["", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00+01:00"] {
      #expect(WallClock.seconds(rfc3339: bad) == nil)
    }
  }

  @Test func timesAreWrittenAsTheyAreRead() {
    for text in [
      "1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2024-02-29T12:30:15Z",
      "2024-03-01T00:00:00Z", "2026-12-31T23:00:01Z", "2100-02-28T01:02:03Z",
    ] {
      #expect(WallClock.seconds(rfc3339: text).map(WallClock.rfc3339) == text)
    }
  }

  @Test func absurdSettingsOfAServerDoNoHarm() throws {
    let config = try ClientConfig(
      json: JSONValue.parse(
        Array(
          #"""
          {"billing_exception_max_pause_duration_sec": NaN, "fwdbwd_max_chunk_len": -1,
           "inflight_response_bytes_semaphore_size": -5, "sample_max_concurrent_requests": 0}
          """#.utf8)))
    #expect(config.billingPauseSeconds == 0)
    #expect(config.responseBytes == 0)
    #expect(config.chunkLength == 1 && config.concurrentSamples == 1)
  }

  @Test func tokenizersAreNamed() {
    for (model, given, wanted, revision) in [
      ("Qwen/Qwen3-8B", nil, "Qwen/Qwen3-8B", "main"),
      ("Qwen/Qwen3-8B:main", nil, "Qwen/Qwen3-8B", "main"),
      ("org/model/variant", nil, "org/model", "main"),
      ("org/model/variant", "other/tok", "other/tok", "main"),
      (
        "meta-llama/Llama-3.1-8B", nil, "thinkingmachineslabinc/meta-llama-3-instruct-tokenizer",
        "main"
      ),
      (
        "moonshotai/Kimi-K2.5-Text-Only", nil, "moonshotai/Kimi-K2.5",
        "4d01dfe0332d63057c186e0b262165819efb6611"
      ),
    ] as [(String, String?, String, String)] {
      let name = TokenizerName(baseModel: model, tokenizerID: given)
      #expect(name.model == wanted && name.revision == revision)
    }
  }

  @Test func partsKeepTheirLimits() {
    var config = ClientConfig()
    config.chunkLength = 3
    let data = (0..<7).map { datum([$0], weights: [1]) }
    #expect(Chunking.parts(of: data, config).map(\.range) == [0..<3, 3..<6, 6..<7])
    config.chunkLength = 100
    config.chunkBytes = 33
    #expect(Chunking.parts(of: data, config).map(\.range.count) == [2, 2, 2, 1])
    config.chunkBytes = 1
    #expect(Chunking.parts(of: data, config).count == 7)
    #expect(Chunking.parts(of: [], config).isEmpty)
  }

  @Test func credentialsAreChecked() {
    #expect(throws: ClientError.self) { try Credential("sk-other") }
    #expect(throws: ClientError.self) { try Credential("") }
    #expect(throws: ClientError.self) { try Credential(TraceServer.token(1, lifetime: -1)) }
    #expect(throws: Never.self) { try Credential(TraceServer.token(1)) }
  }

  @Test func commandsGiveCredentials() async throws {
    var options = ServiceOptions(baseURL: "http://127.0.0.1:1")
    options.credentialFile = "/nowhere/credentials.json"
    for (command, expected) in [
      ("echo", "printed nothing"), ("exit 3", "failed"), ("echo sk-x", "prefix"),
    ] {
      options.environment = Environment(["TINKER_CREDENTIAL_CMD": command])
      let client = ServiceClient(options)
      let error = await #expect(throws: ClientError.self) { try await client.sessionID() }
      #expect(error?.description.contains(expected) == true, "\(error as Any)")
    }
  }
}
