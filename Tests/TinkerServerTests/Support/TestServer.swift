import Foundation
import TestSupport
import TinkerClient
import TinkerJSON
import TinkerLocal
import TinkerServer

/// A server in this process, on a port of its own, with a folder that goes with it.
final class TestServer: Sendable {
  /// A model that learns a few sentences quickly.
  static let tiny = LocalModel(
    name: "tiny",
    source: .seed(
      1,
      ModelConfiguration(
        vocabularySize: 64, hiddenSize: 32, intermediateSize: 48, layers: 2, heads: 4,
        keyValueHeads: 2, headWidth: 8, endTokens: [2], contextLength: 128), .scaled))

  let url: String
  let state: URL
  private let running: Task<Void, Never>
  private let transport: CurlTransport

  init(
    _ models: [LocalModel] = [TestServer.tiny], _ change: (inout ServerOptions) -> Void = { _ in }
  ) async throws {
    state = try Places.scratch()
    var options = ServerOptions(
      LocalConfiguration(models: models, stateFolder: state.path, threads: 2))
    options.port = 0
    change(&options)
    let server = try await LocalServer(options)
    url = server.url
    running = Task { await server.run() }
    transport = try CurlTransport()
  }

  func stop() async {
    running.cancel()
    await running.value
    try? FileManager.default.removeItem(at: state)
  }

  struct Reply: Sendable {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    var json: JSONValue { (try? JSONValue.parse(body)) ?? .null }
    var detail: String { json["detail"]?.text ?? String(decoding: body.prefix(300), as: UTF8.self) }
  }

  func send(
    _ method: String, _ path: String, body: [UInt8]? = nil, type: String = "application/json",
    headers: [HTTPRequest.Header] = []
  ) async throws -> Reply {
    let address = path.hasPrefix("http") ? path : url + path
    var request = HTTPRequest(method: method, url: address, body: body)
    request.headers = headers
    // In a debug run an answer waits behind every test that computes.
    request.silenceTimeout = nil
    if body != nil { request.headers.append(.init("Content-Type", type)) }
    let response = try await transport.send(request, receive: nil)
    return Reply(
      status: response.status, headers: response.head.headers, body: response.body)
  }

  func post(_ path: String, _ json: JSONValue, type: String = "application/json") async throws
    -> Reply
  {
    try await send("POST", "/api/v1/" + path, body: Array(json.serialized().utf8), type: type)
  }

  /// A new session.
  func session() async throws -> String {
    try await post("create_session", ["tags": [], "type": "create_session"])
      .json["session_id"]?.text ?? ""
  }

  /// A new model of a session.
  func model(_ session: String, _ number: Int = 0) async throws -> String {
    let reply = try await post(
      "create_model",
      [
        "session_id": .string(JSONString(session)), "model_seq_id": .number(.integer(number)),
        "base_model": "tiny", "lora_config": ["rank": 4, "seed": 1],
      ])
    _ = try await result(reply)
    return reply.json["model_id"]?.text ?? ""
  }

  /// The result of a submission.
  func result(_ submission: Reply) async throws -> JSONValue {
    guard let id = submission.json["request_id"]?.text else { return submission.json }
    while true {
      let reply = try await post("retrieve_future", ["request_id": .string(JSONString(id))])
      if reply.json["type"]?.text != "try_again" { return reply.json }
    }
  }
}

/// The body of a pass in the older JSON form, over a short run of tokens.
func passBody(_ model: String, _ number: Int, loss: String = "cross_entropy") -> JSONValue {
  [
    "model_id": .string(JSONString(model)), "seq_id": .number(.integer(number)),
    "forward_backward_input": [
      "loss_fn": .string(JSONString(loss)),
      "data": [
        [
          "model_input": ["chunks": [["type": "encoded_text", "tokens": [5, 6, 7]]]],
          "loss_fn_inputs": [
            "target_tokens": ["data": [6, 7, 8], "dtype": "int64", "shape": [3]],
            "weights": ["data": [1, 1, 1], "dtype": "float32", "shape": [3]],
          ],
        ]
      ],
    ],
  ]
}

/// The body of an optimizer step.
func stepBody(_ model: String, _ number: Int) -> JSONValue {
  [
    "model_id": .string(JSONString(model)), "seq_id": .number(.integer(number)),
    "adam_params": ["learning_rate": 0.01, "eps": 1e-8],
  ]
}
