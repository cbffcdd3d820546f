#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
package import TinkerData

extension WireDatum {
  /// The protobuf form of an example. Matrices of targets and weights take whichever form is smaller.
  init(_ datum: Datum) throws(WireError) {
    self.init()
    for chunk in datum.modelInput.chunks { modelInput.append(try WireChunk(chunk)) }
    for input in datum.lossInputs { lossFnInputs[input.name] = WireTensor(input.formOnWire) }
    modelInputSpans = datum.modelInputSpans.map(WireProvenanceSpan.init)
    lossFnInputSpans = datum.lossInputSpans.map(WireProvenanceSpan.init)
  }

  /// The example; its tensors are in order of names.
  func datum(at place: String) throws(WireError) -> Datum {
    var chunks: [ModelInputChunk] = []
    for chunk in modelInput { chunks.append(try chunk.modelInputChunk(at: place)) }
    var inputs: [Datum.LossInput] = []
    for (name, tensor) in lossFnInputs.sorted(by: { $0.key < $1.key }) {
      inputs.append(
        Datum.LossInput(name: name, tensor: try tensor.tensorData(at: "\(place).\(name)")))
    }
    let datum = Datum(modelInput: ModelInput(chunks: chunks), lossInputs: inputs)
    guard !modelInputSpans.isEmpty || !lossFnInputSpans.isEmpty else { return datum }
    do throws(DataError) {
      var spans: (input: [ProvenanceSpan], loss: [ProvenanceSpan]) = ([], [])
      for span in modelInputSpans { spans.input.append(try span.provenanceSpan()) }
      for span in lossFnInputSpans { spans.loss.append(try span.provenanceSpan()) }
      return try datum.withProvenance(modelInput: spans.input, lossInputs: spans.loss)
    } catch { throw .field(error) }
  }
}

extension Datum.LossInput {
  /// The tensor as it is sent.
  package var formOnWire: TensorData {
    name == "target_tokens" || name == "weights" ? tensor.smallerForm : tensor
  }
}

extension WireChunk {
  init(_ chunk: ModelInputChunk) throws(WireError) {
    self.init()
    switch chunk {
    case .tokens(let tokens):
      encodedText.tokens = NumberBuffer.bytes(of: tokens)
    case .image(let image):
      self.image.data = Data(image.data)
      self.image.format = image.format.rawValue
      if let expected = Int32(exactly: image.expectedTokens), expected > 0 {
        self.image.expectedTokens = expected
      }
    case .audio(let audio):
      dmel.dmel = Data(audio.data)
    case .imageAssetPointer:
      throw .unsupported("training takes images by their bytes; an asset pointer is for sampling")
    }
  }

  func modelInputChunk(at place: String) throws(WireError) -> ModelInputChunk {
    switch chunk {
    case .encodedText(let text):
      guard let tokens = NumberBuffer.integers(text.tokens, as: UInt32.self) else {
        throw .malformed(place, what: "token ids are cut off")
      }
      return .tokens(tokens)
    case .image(let image):
      guard let format = ImageChunk.Format(rawValue: image.format) else {
        throw .malformed(place, what: "an image is png or jpeg, not \(image.format)")
      }
      return .image(
        ImageChunk(
          data: Array(image.data), format: format, expectedTokens: Int(image.expectedTokens),
          width: 0, height: 0))
    case .dmel(let audio):
      do { return .audio(try AudioChunk(data: Array(audio.dmel))) } catch { throw .field(error) }
    case nil: throw .malformed(place, what: "a chunk of an unknown kind")
    }
  }
}

extension WireProvenanceSpan {
  init(_ span: ProvenanceSpan) {
    self.init()
    switch span.origin {
    case .prompt:
      promptTokens.sequenceID = span.sequenceID
      promptTokens.offset = Int64(span.offset)
      promptTokens.length = Int64(span.length)
    case .sampled:
      sampledTokens.sequenceID = span.sequenceID
      sampledTokens.offset = Int64(span.offset)
      sampledTokens.length = Int64(span.length)
    }
  }

  func provenanceSpan() throws(DataError) -> ProvenanceSpan {
    switch span {
    case .promptTokens(let span):
      try ProvenanceSpan(
        .prompt, sequenceID: span.sequenceID, offset: Int(span.offset), length: Int(span.length))
    case .sampledTokens(let span):
      try ProvenanceSpan(
        .sampled, sequenceID: span.sequenceID, offset: Int(span.offset), length: Int(span.length))
    case nil: throw .spans("a provenance span of an unknown kind")
    }
  }
}
