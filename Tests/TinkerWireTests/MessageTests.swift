import TinkerData
import TinkerJSON
import TinkerWire
import Testing

@Suite struct MessageTests {
  @Test func passesReturn() throws {
    var wide = [Float](repeating: 0, count: 40)
    wide[7] = 2
    let span = try ProvenanceSpan(.sampled, sequenceID: "s", offset: 1, length: 3)
    let datum = try Datum(
      modelInput: ModelInput(chunks: [
        .tokens([1, .max]),
        .image(ImageChunk(data: [1, 2], format: .jpeg, expectedTokens: 1, width: 0, height: 0)),
      ]),
      lossInputs: [
        .init(name: "advantages", tensor: TensorData([Float(1), -1, 0.5])),
        .init(name: "target_tokens", tensor: TensorData([Int64(5), 6, -7])),
      ]
    ).withProvenance(modelInput: [span], lossInputs: [span])
    let sparse = Datum(
      modelInput: ModelInput(tokens: [1]),
      lossInputs: [
        .init(
          name: "weights", tensor: try TensorData(elements: .floats(wide), shape: [4, 10]).sparse())
      ])
    let request = ForwardBackwardRequest(
      modelID: "m", sequenceNumber: 7, data: [datum, sparse],
      loss: LossFunction(
        name: "ppo",
        settings: [.init(name: "a", value: .number(0.5)), .init(name: "b", value: .text("x"))]),
      isForwardOnly: true)
    #expect(try ForwardBackwardRequest(serialized: request.serialized()) == request)
    // A dense matrix of weights goes out in the smaller form and means the same.
    var dense = request
    dense.data[1].lossInputs[0].tensor = sparse.lossInputs[0].tensor.dense
    #expect(try ForwardBackwardRequest(serialized: dense.serialized()) == request)
  }

  @Test func outputsReturn() throws {
    func output(_ values: [Float], _ shape: [Int]) throws -> ForwardBackwardOutput.LossOutput {
      .init(tensors: [
        .init(name: "logprobs", tensor: try TensorData(elements: .floats(values), shape: shape))
      ])
    }
    let result = ForwardBackwardOutput(
      outputType: "Return",
      lossOutputs: [
        try output([-1, -2], [2]), try output([], [0]), try output([1, 2, 3, 4], [2, 2]),
        .init(tensors: []),
      ], metrics: ["loss:sum": 1.5])
    #expect(try ForwardBackwardOutput(serialized: result.serialized()) == result)
    let empty = ForwardBackwardOutput(outputType: "ArrayRecord", lossOutputs: [], metrics: [:])
    #expect(try ForwardBackwardOutput(serialized: empty.serialized()) == empty)
  }

  @Test func samplesReturn() throws {
    let row = [TokenLogprob(token: 3, logprob: -1), TokenLogprob(token: 4, logprob: -2)]
    let response = SampleResponse(
      sequences: [
        SampledSequence(
          tokens: [1, 2], logprobs: [-0.5, -1], stopReason: .length,
          topKLogprobs: [row, [row[0]]]),
        SampledSequence(tokens: [], logprobs: nil, stopReason: .stop),
      ], promptLogprobs: [nil, -1], topKPromptLogprobs: [nil, row],
      targetPromptLogprobs: try TensorData(elements: .floats([1, 2]), shape: [1, 2]),
      promptAltTokens: .init(tokens: TensorData([Int64(1)]), logprobs: TensorData([Float(2)])),
      promptCacheHitTokens: 3)
    #expect(try SampleResponse(serialized: response.serialized()) == response)
  }

  @Test func brokenBytesAreErrors() throws {
    var generator = SystemRandomNumberGenerator()
    let good = try ForwardBackwardOutput(
      outputType: "T",
      lossOutputs: [.init(tensors: [.init(name: "logprobs", tensor: TensorData([Float(1), 2]))])],
      metrics: ["a": 1]
    ).serialized()
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 1..<bytes.count)) }
      // Whatever they are: a value or an error, and never a trap.
      _ = try? ForwardBackwardOutput(serialized: bytes)
      _ = try? ForwardBackwardRequest(serialized: bytes)
      _ = try? SampleResponse(serialized: bytes)
    }
  }

  @Test func repliesAreToldApart() throws {
    let replies: [(String, FutureReply)] = [
      (
        #"{"type":"try_again","queue_state":"paused_capacity","queue_state_reason":"r"}"#,
        .pending(.pausedCapacity, reason: "r")
      ),
      (#"{"type":"try_again","queue_state":"new"}"#, .pending(.unknown("new"), reason: nil)),
      (#"{"status":"complete_metadata","response_payload_size":5}"#, .metadata(byteCount: 5)),
      (#"{"error":"e","category":"user"}"#, .failed(message: "e", category: .user)),
      (#"{"error":"e","category":"odd"}"#, .failed(message: "e", category: .unknown)),
      (#"{"path":"p"}"#, .result(["path": "p"])),
    ]
    for (text, reply) in replies {
      #expect(FutureReply(json: try JSONValue.parse(text)) == reply)
    }
  }

  @Test func sampleBodiesReturn() throws {
    var request = SampleRequest(
      prompt: ModelInput(tokens: [1, 2]), numSamples: 2, params: SamplingParams(maxTokens: 3))
    request.promptLogprobs = true
    request.promptLogprobsLastN = 1
    request.targetPromptLogprobs = try TensorData(elements: .integers([1, -1]), shape: [1, 2])
    let message = SampleMessage(
      sessionID: "s", sequenceNumber: 4, recordsStability: true, request: request)
    #expect(try SampleMessage(json: JSONValue.parse(message.json)) == message)
  }
}
