package import TinkerData
package import TinkerJSON

extension ForwardBackwardRequest {
  /// Reads the JSON form of older SDKs: `forward_backward_input`, or `forward_input` for a forward pass.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "forward_backward")
    let forward = try fields["forward_input"]
    let content = forward == nil ? try fields.required("forward_backward_input") : forward
    let input = JSONFields(content ?? .null, at: fields.place("input"))
    let data = try input.array("data") { (value, _) throws(DataError) in try Datum(json: value) }
    var settings: [LossFunction.Setting] = []
    if let config = try input["loss_fn_config"] {
      guard let object = config.object else {
        throw .unexpected("an object", at: input.place("loss_fn_config"))
      }
      for (key, value) in object {
        let name = key.text ?? ""
        if let number = value.double {
          settings.append(.init(name: name, value: .number(number)))
        } else if let text = value.text {
          settings.append(.init(name: name, value: .text(text)))
        } else {
          throw .unexpected("a number or a string", at: input.place("loss_fn_config.\(name)"))
        }
      }
    }
    self.init(
      modelID: try fields.string("model_id"),
      sequenceNumber: try fields.optionalInt("seq_id") ?? 0, data: data,
      loss: LossFunction(name: try input.string("loss_fn"), settings: settings),
      isForwardOnly: forward != nil)
  }
}
