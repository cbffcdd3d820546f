import TinkerData
import TinkerJSON
import Testing

@Suite struct JSONFormTests {
  private func text(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(style: .compact)
    write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func parametersReturn() throws {
    let lora = LoraConfig(rank: 4, seed: .max, trainMLP: false)
    let loraText = text { lora.write(to: &$0) }
    #expect(
      loraText == #"{"rank":4,"seed":18446744073709551615,"train_unembed":true,"#
        + #""train_mlp":false,"train_attn":true}"#)
    #expect(try LoraConfig(json: JSONValue.parse(loraText)) == lora)

    let adam = AdamParams(learningRate: 3e-4, gradClipNorm: 1)
    #expect(try AdamParams(json: JSONValue.parse(text { adam.write(to: &$0) })) == adam)

    for stop in [
      nil, SamplingParams.Stop.strings(["a", "é"]), .strings([]), .tokens([1, .max]),
    ] {
      let params = SamplingParams(maxTokens: 3, seed: 1, stop: stop, temperature: 0.5, topK: 2)
      #expect(try SamplingParams(json: JSONValue.parse(text { params.write(to: &$0) })) == params)
    }
    #expect(try SamplingParams(json: ["stop": "x"]).stop == .strings(["x"]))
    #expect(throws: DataError.self) { try SamplingParams(json: ["stop": [1, "x"]]) }
    #expect(throws: DataError.self) {
      try LoraConfig(trainUnembed: false, trainMLP: false, trainAttn: false).validate()
    }
  }

  @Test func datumsReturn() throws {
    let audio = try AudioChunk(data: [254, 0, 2, 0x81, 0x01, 5, 9, 9])
    #expect(audio.frameCount == 129)
    let input = ModelInput(chunks: [
      .tokens([1, 2]), .audio(audio),
      .image(ImageChunk(data: [1, 2], format: .jpeg, expectedTokens: 3, width: 0, height: 0)),
      .imageAssetPointer(ImageAssetPointer(location: "a/b", format: .png, expectedTokens: 2)),
    ])
    #expect(input.length == 136)
    let sparse = try TensorData(elements: .floats([0, 0, 3, 4, 0, 0]), shape: [3, 2]).sparse()
    let datum = Datum(
      modelInput: input, lossInputs: [.init(name: "weights", tensor: sparse)])
    #expect(try Datum(json: JSONValue.parse(text { datum.write(to: &$0) })) == datum)
  }

  @Test(arguments: [
    (#"{}"#, "datum.model_input: expected a value"),
    (#"{"model_input":{"chunks":[{"type":"x"}]}}"#, "chunk"),
    (#"{"model_input":{"chunks":[{"type":"encoded_text","tokens":[1,-1]}]}}"#, "tokens[1]"),
    (#"{"model_input":{"chunks":[{"type":"dmel","dmel":"AA=="}]}}"#, "audio container"),
    (
      #"{"model_input":{"chunks":[]},"loss_fn_inputs":{"a":{"data":[1],"dtype":"int32"}}}"#, "dtype"
    ),
    (
      #"{"model_input":{"chunks":[]},"loss_fn_inputs":{"a":{"data":[1],"dtype":"int64","shape":[2]}}}"#,
      "elements"
    ),
    (#"7"#, "an object"),
  ])
  func mistakesAreNamed(json: String, expected: String) throws {
    let value = try JSONValue.parse(json)
    let error = #expect(throws: DataError.self) { try Datum(json: value) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }
}

@Suite struct SparseTensorTests {
  @Test func rowsReturn() throws {
    var values = [Int64](repeating: 0, count: 32)
    values[10] = 9
    values[31] = 11
    let dense = try TensorData(elements: .integers(values), shape: [4, 8])
    let sparse = dense.smallerForm
    #expect(sparse.elements == .integers([9, 11]))
    #expect(sparse.sparseRows == .init(rowPointers: [0, 0, 1, 1, 2], columns: [2, 7]))
    #expect(sparse.dense == dense)
  }

  @Test func formIsChosenByCount() throws {
    // (1 + 1) + 2·2 = 6 numbers are not fewer than 6.
    let tensor = try TensorData(elements: .floats([1, 0, 0, 0, 0, 1]), shape: [1, 6])
    #expect(tensor.smallerForm == tensor)
    #expect(TensorData([Float(0)]).smallerForm == TensorData([Float(0)]))
  }

  @Test func disagreementIsRefused() {
    #expect(throws: DataError.self) {
      try TensorData(
        elements: .integers([1]), shape: [1, 1],
        sparseRows: .init(rowPointers: [0, 1], columns: [1]))
    }
    #expect(throws: DataError.self) { try TensorData(elements: .integers([1]), shape: [.max, 4]) }
    #expect(throws: DataError.self) { try TensorData([Float(1)]).sparse() }
  }
}

@Suite struct ProvenanceTests {
  @Test func spansMustTile() throws {
    let datum = Datum(
      modelInput: ModelInput(tokens: [1, 2, 3]),
      lossInputs: [.init(name: "target_tokens", tensor: TensorData([Int64(2), 3, 4]))])
    let whole = try ProvenanceSpan(.sampled, sequenceID: "s", length: 3)
    let part = try ProvenanceSpan(.prompt, sequenceID: "s", length: 2)
    let spanned = try datum.withProvenance(modelInput: [whole], lossInputs: [whole])
    #expect(spanned.modelInputSpans == [whole])
    #expect(throws: DataError.self) {
      try datum.withProvenance(modelInput: [part], lossInputs: [whole])
    }
    #expect(throws: DataError.self) {
      try datum.withProvenance(modelInput: [whole], lossInputs: [part])
    }
    #expect(throws: DataError.self) { try ProvenanceSpan(.prompt, sequenceID: "", length: 1) }
  }
}
