import Testing
import TinkerJSON
import TinkerServer

/// The order of a model's requests, whatever the order of their arrival.
@Suite struct OrderTests {
  @Test func lateRequestsAreWaitedFor() async throws {
    let server = try await TestServer { $0.pollLimit = .milliseconds(200) }
    let model = try await server.model(try await server.session())
    // Third, second, then first: a step, and before it the pass whose gradients it takes.
    let third = try await server.post("forward_backward", passBody(model, 3))
    let second = try await server.post("optim_step", stepBody(model, 2))
    let id = try #require(third.json["request_id"]?.text)
    let waiting = try await server.post(
      "retrieve_future", ["request_id": .string(JSONString(id))])
    #expect(waiting.json["type"]?.text == "try_again")
    #expect(waiting.json["queue_state_reason"]?.text == "request 1 of \(model) has not arrived")
    let first = try await server.post("forward_backward", passBody(model, 1))
    let losses = [
      try await server.result(first)["metrics"]?["loss:sum"]?.double,
      try await server.result(third)["metrics"]?["loss:sum"]?.double,
    ].compactMap { $0 }
    #expect(losses.count == 2 && losses[1] < losses[0], "\(losses)")
    let norm = try await server.result(second)["metrics"]?["optim/grad_norm"]?.double
    #expect((norm ?? 0) > 0)
    await server.stop()
  }

  @Test func whatComesTwiceHappensOnce() async throws {
    let server = try await TestServer()
    let session = try await server.session()
    let model = try await server.model(session)
    #expect(try await server.model(session) == model)
    var ids: Set<String> = []
    for _ in 0..<3 {
      let reply = try await server.post("forward_backward", passBody(model, 1))
      ids.insert(reply.json["request_id"]?.text ?? "")
    }
    #expect(ids.count == 1)
    let one = try await server.result(try await server.post("optim_step", stepBody(model, 2)))
    let other = try await server.model(session, 1)
    _ = try await server.post("forward_backward", passBody(other, 1))
    let two = try await server.result(try await server.post("optim_step", stepBody(other, 2)))
    #expect(one["metrics"] == two["metrics"])
    await server.stop()
  }

  @Test func refusedRequestsCountAsArrived() async throws {
    let server = try await TestServer()
    let model = try await server.model(try await server.session())
    var wrong = passBody(model, 1).object ?? [:]
    wrong["forward_backward_input"] = ["loss_fn": "cross_entropy", "data": 7]
    let refused = try await server.post("forward_backward", .object(wrong))
    #expect(refused.status == 422)
    #expect(refused.detail.contains("input.data"))
    let step = try await server.post(
      "optim_step", ["model_id": .string(JSONString(model)), "seq_id": 2])
    #expect(step.status == 400)
    let next = try await server.result(
      try await server.post("forward_backward", passBody(model, 3)))
    #expect(next["metrics"]?["loss:sum"] != nil)
    let again = try await server.post("forward_backward", passBody(model, 1))
    #expect(again.status == 400 && again.detail.contains("refused before"))
    let old = try await server.post("optim_step", stepBody("none:train:0", 1))
    #expect(old.status == 404)
    await server.stop()
  }

  @Test func queuesAreLimited() async throws {
    let server = try await TestServer { $0.maximumWaitingRequests = 4 }
    let model = try await server.model(try await server.session())
    var statuses: [Int] = []
    for number in stride(from: 9, to: 1, by: -1) {
      statuses.append(
        try await server.post("forward_backward", passBody(model, number)).status)
    }
    #expect(statuses == [200, 200, 200, 200, 429, 429, 429, 429])
    let refused = try await server.post("forward_backward", passBody(model, 2))
    #expect(refused.headers["retry-after"] == "1")
    #expect(refused.detail.contains("4 requests"))
    // What all others wait for is taken; a request that was refused for now can come again.
    for number in 1...5 {
      let reply = try await server.post("forward_backward", passBody(model, number))
      #expect(reply.status == 200)
      _ = try await server.result(reply)
    }
    let last = try await server.post("forward_backward", passBody(model, 9))
    #expect(try await server.result(last)["metrics"] != nil)
    await server.stop()
  }

  @Test func modelsTakeTurns() async throws {
    let server = try await TestServer()
    let session = try await server.session()
    let busy = try await server.model(session)
    let other = try await server.model(session, 1)
    // All of it is held up by the first request, so that the queue is long when it begins to move.
    var queued: [TestServer.Reply] = []
    for number in 2...400 {
      queued.append(try await server.post("forward_backward", passBody(busy, number)))
    }
    let second = try await server.post("forward_backward", passBody(other, 2))
    queued.append(try await server.post("forward_backward", passBody(busy, 1)))
    _ = try await server.post("forward_backward", passBody(other, 1))
    _ = try await server.result(second)
    let status = try await server.send("GET", "/status.json").json
    let left = status["models"]?.array?.first { $0["id"]?.text == busy }?["waiting"]?.int ?? 0
    #expect(left > 0, "two requests waited for four hundred of another model")
    for reply in queued {
      #expect(try await server.result(reply)["metrics"]?["loss:sum"] != nil)
    }
    await server.stop()
  }
}
