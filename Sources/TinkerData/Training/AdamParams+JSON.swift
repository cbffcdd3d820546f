public import TinkerJSON

extension AdamParams {
  /// Writes the service's JSON form.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("learning_rate")
    writer.double(learningRate)
    writer.key("beta1")
    writer.double(beta1)
    writer.key("beta2")
    writer.double(beta2)
    writer.key("eps")
    writer.double(eps)
    writer.key("weight_decay")
    writer.double(weightDecay)
    writer.key("grad_clip_norm")
    writer.double(gradClipNorm)
    writer.endObject()
  }

  /// Reads the service's JSON form; missing members take their defaults.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  public init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "adam_params")
    self.init()
    learningRate = try fields.optionalDouble("learning_rate") ?? learningRate
    beta1 = try fields.optionalDouble("beta1") ?? beta1
    beta2 = try fields.optionalDouble("beta2") ?? beta2
    eps = try fields.optionalDouble("eps") ?? eps
    weightDecay = try fields.optionalDouble("weight_decay") ?? weightDecay
    gradClipNorm = try fields.optionalDouble("grad_clip_norm") ?? gradClipNorm
  }
}
