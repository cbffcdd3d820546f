public import TinkerJSON

/// One training example as the service takes it: an input and the tensors of its loss.
///
/// Position i of the input predicts target i, so tensors are as long as the input.
public struct Datum: Sendable, Hashable {
  /// A tensor of the loss with its name.
  public struct LossInput: Sendable, Hashable {
    /// The name that the loss function asks for, for example `target_tokens`.
    public var name: String
    /// The values.
    public var tensor: TensorData

    /// A named tensor.
    public init(name: String, tensor: TensorData) {
      self.name = name
      self.tensor = tensor
    }
  }

  /// What the model reads.
  public var modelInput: ModelInput
  /// The tensors of the loss, in the order in which they are written.
  public var lossInputs: [LossInput]
  /// Where the input comes from; empty if that is not told.
  public internal(set) var modelInputSpans: [ProvenanceSpan] = []
  /// Where the targets come from; empty if that is not told.
  public internal(set) var lossInputSpans: [ProvenanceSpan] = []

  /// A datum of an input and its tensors.
  public init(modelInput: ModelInput, lossInputs: [LossInput]) {
    self.modelInput = modelInput
    self.lossInputs = lossInputs
  }

  /// The tensor by a name, or `nil`.
  public func lossInput(named name: String) -> TensorData? {
    lossInputs.first { $0.name == name }?.tensor
  }

  /// Writes the service's JSON form: `{"model_input":…,"loss_fn_inputs":{…}}`.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("model_input")
    modelInput.write(to: &writer)
    writer.key("loss_fn_inputs")
    writer.beginObject()
    for input in lossInputs {
      writer.key(input.name)
      input.tensor.write(to: &writer)
    }
    writer.endObject()
    writer.endObject()
  }

  /// Reads the service's JSON form.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  public init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "datum")
    modelInput = try ModelInput(json: try fields.required("model_input"))
    guard let object = try fields.required("loss_fn_inputs").object else {
      throw .unexpected("an object", at: "datum.loss_fn_inputs")
    }
    lossInputs = []
    for (key, value) in object {
      guard let name = key.text else { continue }
      let tensor = try TensorData(json: value, at: "datum.loss_fn_inputs." + name)
      lossInputs.append(LossInput(name: name, tensor: tensor))
    }
  }
}
