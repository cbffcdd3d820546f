import TinkerData
import TinkerJSON
import Testing

@Suite struct DatumTests {
  @Test func jsonFormIsTheServices() {
    let image = ImageChunk(data: [1, 2, 3], format: .png, expectedTokens: 4, width: 8, height: 8)
    let datum = Datum(
      modelInput: ModelInput(chunks: [.tokens([5, 6]), .image(image)]),
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData([Int64(6), 0, 0, 0, 0, 7])),
        .init(name: "weights", tensor: TensorData([Float(0), 0.5, 0, 0, 0, 1])),
      ])
    var writer = JSONWriter(style: .compact)
    datum.write(to: &writer)
    let wanted =
      #"{"model_input":{"chunks":[{"type":"encoded_text","tokens":[5,6]},"#
      + #"{"type":"image","data":"AQID","format":"png","expected_tokens":4}]},"#
      + #""loss_fn_inputs":{"target_tokens":{"data":[6,0,0,0,0,7],"dtype":"int64","shape":[6]},"#
      + #""weights":{"data":[0.0,0.5,0.0,0.0,0.0,1.0],"dtype":"float32","shape":[6]}}}"#
    #expect(String(decoding: writer.bytes, as: UTF8.self) == wanted)
    #expect(datum.modelInput.length == 6)
    #expect(datum.modelInput.tokens == nil)
    #expect(datum.lossInput(named: "weights")?.shape == [6])
    #expect(datum.lossInput(named: "advantages") == nil)
  }

  @Test func tokensAreJoined() {
    #expect(ModelInput(chunks: [.tokens([1]), .tokens([]), .tokens([2, 3])]).tokens == [1, 2, 3])
  }
}
