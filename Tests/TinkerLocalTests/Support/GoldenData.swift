import TinkerData
import TinkerJSON
import TinkerLocal

/// Rows of the reference data as examples.
enum GoldenData {
  static func loss(_ row: JSONValue) throws -> Loss {
    let settings = (row[at: "loss_fn_config"].object ?? [:]).map {
      LossFunction.Setting(name: $0.key.text ?? "", value: .number($0.value.double ?? .nan))
    }
    return try Loss(
      LossFunction(name: row[at: "loss_fn"].text ?? "cross_entropy", settings: settings))
  }

  static func datum(_ row: JSONValue) -> Datum {
    var inputs: [Datum.LossInput] = []
    for (key, value) in row.object ?? [:] {
      guard let name = key.text, name != "tokens" else { continue }
      let flat = value.flat
      var tensor =
        name == "target_tokens"
        ? TensorData(flat.map { Int64($0) }) : TensorData(flat.map { Float($0) })
      if let columns = value.array?.first?.array?.count {
        tensor.shape = [flat.count / columns, columns]
      }
      inputs.append(Datum.LossInput(name: name, tensor: tensor))
    }
    return Datum(
      modelInput: ModelInput(chunks: [.tokens(row[at: "tokens"].tokens)]), lossInputs: inputs)
  }

  static func examples(_ rows: [JSONValue], _ loss: Loss, vocabulary: Int) throws
    -> [Learner.Example]
  {
    try rows.enumerated().map { number, row in
      let tokens = row[at: "tokens"].tokens
      return Learner.Example(
        sequence: TokenSequence(tokens),
        inputs: try LossInputs(
          datum(row), loss: loss, length: tokens.count, vocabulary: vocabulary,
          place: "datum \(number)"), place: "datum \(number)")
    }
  }
}
