import Foundation
import TestSupport
import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerLocal
import TinkerServer

@Suite struct CompletionTests {
  private static func server() async throws -> TestServer {
    let tokenizer = Places.fixtures.appending(path: "tokenizers/tiny-qwen3").path
    let argument = try ModelArgument(
      "demo=seed:1,width=32,layers=2,context=128", tokenizerFolder: tokenizer)
    return try await TestServer([argument.model])
  }

  private static func client(_ server: TestServer) -> OpenAIClient {
    OpenAIClient(ServiceOptions(baseURL: server.url, apiKey: "tml-test"))
  }

  @Test func streamsSayWhatTheWholeSays() async throws {
    let server = try await Self.server()
    let client = Self.client(server)
    let request: JSONObject = [
      "model": "demo", "prompt": "Hello", "max_tokens": 12, "seed": 7, "n": 2, "logprobs": 1,
    ]
    let whole = try await client.completion(request)
    let texts = (whole["choices"]?.array ?? []).map { $0["text"]?.text ?? "" }
    #expect(texts.count == 2 && texts.allSatisfy { !$0.isEmpty } && texts[0] != texts[1])
    #expect(whole["usage"]?["completion_tokens"]?.int == 24)
    let first = whole["choices"]?.array?.first
    #expect(first?["logprobs"]?["token_logprobs"]?.array?.count == 12)
    #expect(first?["finish_reason"]?.text == "length")

    var streamed = request
    streamed["logprobs"] = .null
    var pieces = ["", ""]
    var reasons: [String] = []
    for try await event in client.streamCompletion(streamed) {
      for choice in event["choices"]?.array ?? [] {
        pieces[choice["index"]?.int ?? 0] += choice["text"]?.text ?? ""
        if let reason = choice["finish_reason"]?.text { reasons.append(reason) }
      }
    }
    #expect(pieces == texts && reasons == ["length", "length"])
    await server.stop()
  }

  @Test func stopTextsEndAnswers() async throws {
    let server = try await Self.server()
    let client = Self.client(server)
    var request: JSONObject = [
      "model": "demo", "prompt": "Hello", "max_tokens": 30, "seed": 7,
    ]
    let text = try await client.completion(request)["choices"]?.array?.first?["text"]?.text ?? ""
    let stop = String(Array(text)[5..<8])
    let start = try #require(text.firstRange(of: stop)?.lowerBound)
    request["stop"] = .string(JSONString(stop))
    let cut = try await client.completion(request)["choices"]?.array?.first
    #expect(cut?["text"]?.text == String(text[..<start]))
    #expect(cut?["finish_reason"]?.text == "stop")
    var streamed = ""
    for try await event in client.streamCompletion(request) {
      streamed += event["choices"]?.array?.first?["text"]?.text ?? ""
    }
    #expect(streamed == String(text[..<start]))
    await server.stop()
  }

  @Test func chats() async throws {
    let server = try await Self.server()
    let client = Self.client(server)
    let request: JSONObject = [
      "model": "demo", "messages": [["role": "user", "content": "Hi"]], "max_tokens": 10,
      "seed": 3,
    ]
    let message = try await client.chatCompletion(request)["choices"]?.array?.first?["message"]
    #expect(message?["role"]?.text == "assistant")
    let text = message?["content"]?.text ?? ""
    var streamed = ""
    for try await event in client.streamChatCompletion(request) {
      streamed += event["choices"]?.array?.first?["delta"]?["content"]?.text ?? ""
    }
    #expect(
      !text.isEmpty
        && streamed.trimmingCharacters(in: .whitespaces)
          == text.trimmingCharacters(in: .whitespaces)
    )
    await server.stop()
  }

  @Test func aCheckpointIsAModel() async throws {
    let server = try await Self.server()
    let service = ServiceClient(ServiceOptions(baseURL: server.url, apiKey: "tml-test"))
    let trainer = try await service.createLoraTrainingClient(
      baseModel: "demo", lora: LoraConfig(rank: 8, seed: 1))
    let tokens: [UInt32] = [40, 41, 42, 43]
    let datum = Datum(
      modelInput: ModelInput(tokens: Array(tokens.dropLast())),
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData([41, 42, 43] as [Int64])),
        .init(name: "weights", tensor: TensorData([1, 1, 1] as [Float])),
      ])
    for _ in 0..<30 {
      _ = try trainer.forwardBackward([datum])
      _ = try trainer.optimStep(AdamParams(learningRate: 1e-2, eps: 1e-8))
    }
    let path = try await trainer.saveWeightsForSampler(name: "said").value
    for name in [path, "demo;" + path] {
      let choice = try await Self.client(server).completion([
        "model": .string(JSONString(name)), "prompt": [40], "max_tokens": 3, "temperature": 0,
      ])["choices"]?.array?.first
      #expect(choice?["token_ids"]?.array?.compactMap(\.int) == [41, 42, 43])
    }
    await #expect(throws: ClientError.self) {
      try await Self.client(server).completion([
        "model": .string(JSONString("other;" + path)), "prompt": [40],
      ])
    }
    await server.stop()
  }

  @Test func mistakesAreNamed() async throws {
    let server = try await TestServer()
    func ask(_ body: JSONValue) async throws -> TestServer.Reply {
      try await server.send(
        "POST", "/oai/api/v1/chat/completions", body: Array(body.serialized().utf8))
    }
    let none = try await ask(["model": "tiny", "messages": [["role": "user", "content": "a"]]])
    #expect(none.status == 400)
    #expect(none.json["error"]?["message"]?.text?.contains("has no tokenizer") == true)
    #expect(try await ask(["model": "other", "messages": []]).status == 404)
    #expect(try await ask(["messages": []]).status == 400)
    #expect(try await ask(["model": "tiny", "n": 0]).status == 400)
    await server.stop()
  }
}
