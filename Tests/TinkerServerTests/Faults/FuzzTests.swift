import Testing
import TinkerData
import TinkerJSON
import TinkerServer
import TinkerWire

/// Whatever comes in, the server answers it and goes on. The seeds are fixed, so a failure repeats.
@Suite struct FuzzTests {
  private static let rounds = 400

  private static func isAnswer(_ status: Int) -> Bool {
    (200..<500).contains(status) || status == 501
  }

  private static func passBytes(_ model: String, _ number: Int) throws -> [UInt8] {
    try ForwardBackwardRequest(
      modelID: model, sequenceNumber: number,
      data: [
        Datum(
          modelInput: ModelInput(tokens: [5, 6, 7]),
          lossInputs: [
            .init(name: "target_tokens", tensor: TensorData([6, 7, 8] as [Int64])),
            .init(name: "weights", tensor: TensorData([1, 1, 1] as [Float])),
          ])
      ], loss: .crossEntropy, isForwardOnly: false
    ).serialized()
  }

  private static func damaged(_ bytes: [UInt8], _ random: inout RandomStream) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<(1 + random.next() % 4) {
      let place = bytes.isEmpty ? 0 : Int(random.next() % UInt64(bytes.count))
      switch random.next() % 4 {
      case 0 where !bytes.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 1 where !bytes.isEmpty: bytes.removeSubrange(place...)
      case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
      default: bytes.append(contentsOf: bytes.prefix(place))
      }
    }
    return bytes
  }

  @Test func passesInProtobuf() async throws {
    let server = try await TestServer { $0.pollLimit = .milliseconds(50) }
    let model = try await server.model(try await server.session())
    var random = RandomStream(seed: 1, name: "protobuf")
    for _ in 0..<Self.rounds {
      let bytes = Self.damaged(try Self.passBytes(model, 2), &random)
      let reply = try await server.send(
        "POST", "/api/v1/forward_backward", body: bytes, type: "application/x-protobuf")
      #expect(Self.isAnswer(reply.status), "\(reply.status) \(reply.detail)")
    }
    let status = try await server.send("GET", "/status.json")
    #expect(status.status == 200)
    let other = try await server.model(try await server.session())
    let pass = try await server.send(
      "POST", "/api/v1/forward_backward", body: try Self.passBytes(other, 1),
      type: "application/x-protobuf")
    #expect(try await server.result(pass)["metrics"]?["loss:sum"] != nil)
    await server.stop()
  }

  @Test func bodiesOfEveryEndpoint() async throws {
    let server = try await TestServer { $0.pollLimit = .milliseconds(20) }
    let session = try await server.session()
    let model = try await server.model(session)
    let name = JSONValue.string(JSONString(session))
    let bodies: [JSONValue] = [
      passBody(model, 1), stepBody(model, 1),
      ["session_id": name, "sampling_session_seq_id": 0, "base_model": "tiny"],
      ["session_id": name, "model_seq_id": 1, "base_model": "tiny", "lora_config": ["rank": 4]],
      ["session_id": name, "model_seq_id": 2, "path": "tinker://a/weights/b", "optimizer": true],
      ["model_id": .string(JSONString(model)), "path": "a", "seq_id": 2, "ttl_seconds": 4000],
      [
        "num_samples": 1, "prompt": ["chunks": [["type": "encoded_text", "tokens": [1]]]],
        "sampling_params": ["max_tokens": 1, "stop": [7]], "seq_id": 0,
        "sampling_session_id": .string(JSONString(session + ":sample:0")),
      ],
      ["target": ["type": "sampling_session", "sampling_session_id": name], "prev_cursor": 0],
      [
        "model": "tiny", "prompt": "a", "messages": [["role": "user", "content": "a"]],
        "stream": true,
      ],
    ]
    var random = RandomStream(seed: 2, name: "json")
    let posts = Route.all.filter { $0.method != .get }
    for round in 0..<Self.rounds {
      let route = posts[round % posts.count]
      let text = bodies[Int(random.next() % UInt64(bodies.count))].serialized()
      let body = Self.damaged(Array(text.utf8), &random)
      let path = round % 9 == 8 ? "/oai/api/v1/completions" : route.path(session, "weights", "x")
      let reply = try await server.send(route.method.rawValue, path, body: body)
      #expect(Self.isAnswer(reply.status), "\(path) \(reply.status) \(reply.detail)")
    }
    #expect(try await server.send("GET", "/status.json").status == 200)
    await server.stop()
  }

  @Test func valuesThatAreOutOfRange() async throws {
    let server = try await TestServer()
    let session = try await server.session()
    let model = try await server.model(session)
    let name = JSONValue.string(JSONString(session))
    for number in [Int.min, -1, Int.max] {
      var pass = passBody(model, 1).object ?? [:]
      pass["seq_id"] = .number(.integer(number))
      #expect(Self.isAnswer(try await server.post("forward_backward", .object(pass)).status))
      let created = try await server.post(
        "create_model",
        [
          "session_id": name, "model_seq_id": .number(.integer(number)), "base_model": "tiny",
          "lora_config": ["rank": .number(.integer(number))],
        ])
      #expect(Self.isAnswer(created.status))
      _ = try await server.result(created)
      _ = try await server.post(
        "create_sampling_session",
        ["session_id": name, "sampling_session_seq_id": 0, "base_model": "tiny"])
      let sample = try await server.post(
        "asample",
        [
          "num_samples": 1, "prompt": ["chunks": [["type": "encoded_text", "tokens": [1]]]],
          "sampling_params": [
            "max_tokens": .number(.integer(number)), "top_k": .number(.integer(number)),
            "temperature": 1e308, "top_p": -1e308,
          ], "seq_id": .number(.integer(number)),
          "topk_prompt_logprobs": .number(.integer(number)),
          "topk_sample_logprobs": .number(.integer(number)),
          "sampling_session_id": .string(JSONString(session + ":sample:0")),
        ])
      #expect(Self.isAnswer(sample.status))
      _ = try await server.result(sample)
      let page = "/api/v1/checkpoints?limit=\(number)&offset=\(number)"
      #expect(try await server.send("GET", page).status == 200)
    }
    await server.stop()
  }

  @Test func bytesThatAreNoRequest() async throws {
    let server = try await TestServer()
    let port = try #require(server.url.split(separator: ":").last.flatMap { UInt16($0) })
    let whole = Array(
      "POST /api/v1/create_session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}".utf8)
    var random = RandomStream(seed: 3, name: "raw")
    for round in 0..<60 {
      let bytes =
        round % 2 == 0
        ? Self.damaged(whole, &random)
        : (0..<200).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      _ = RawConnection.exchange(bytes, port: port)
    }
    let long = Array("GET /\(String(repeating: "a", count: 200_000)) HTTP/1.1\r\n\r\n".utf8)
    _ = RawConnection.exchange(long, port: port)
    let reply = RawConnection.exchange(whole, port: port, patience: 3000)
    #expect(String(decoding: reply.prefix(15), as: UTF8.self) == "HTTP/1.1 200 OK")
    await server.stop()
  }
}
