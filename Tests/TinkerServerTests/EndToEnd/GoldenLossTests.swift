import Foundation
import TestSupport
import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerLocal

/// Where the reference data of the engine is.
private enum GoldenEngine {
  static let folder = Places.shared?.appending(path: "golden/engine").existing
}

extension URL {
  fileprivate var existing: URL? { FileManager.default.fileExists(atPath: path) ? self : nil }
}

/// The reference losses of the engine, over the wire.
@Suite(.enabled(if: GoldenEngine.folder != nil, Comment(rawValue: Places.sharedHint)))
struct GoldenLossTests {
  @Test func everyLoss() async throws {
    let engine = try #require(GoldenEngine.folder)
    let models = ["tied", "untied"].map { name in
      LocalModel(name: name, source: .folder(engine.appending(path: name).path))
    }
    let server = try await TestServer(models)
    let service = ServiceClient(ServiceOptions(baseURL: server.url, apiKey: "tml-test"))
    var compared = 0
    for row in try jsonLines(engine.appending(path: "losses.jsonl")) {
      let id = row["id"]?.text ?? ""
      let model = row["model"]?.text ?? ""
      let adapter = row["adapter"]?.text ?? ""
      try Self.place(engine.appending(path: adapter), model, id, in: server.state)
      let client = try await service.createTrainingClientFromState("tinker://golden/weights/\(id)")
      let settings = (row["loss_fn_config"]?.object ?? [:]).map {
        LossFunction.Setting(name: $0.key.text ?? "", value: .number($0.value.double ?? .nan))
      }
      let loss = LossFunction(name: row["loss_fn"]?.text ?? "", settings: settings)
      let data = try (row["data"]?.array ?? []).map(Self.datum)
      let output = try await client.forwardBackward(data, loss: loss).value
      let sum = row["loss_sum"]?.double ?? .nan
      let mine = output.metrics["loss:sum"] ?? .nan
      #expect(abs(mine - sum) <= 2e-4 * abs(sum) + 2e-4, "\(id): \(mine), not \(sum)")
      let step = try await client.optimStep(AdamParams(learningRate: 0)).value
      let norm = row["grad_norm"]?.double ?? .nan
      let theirs = step.metrics["optim/grad_norm"] ?? .nan
      #expect(abs(theirs - norm) <= 2e-4 * norm + 2e-4, "\(id): norm \(theirs), not \(norm)")
      compared += 1
    }
    await server.stop()
    #expect(compared == 11)
  }

  /// Puts an adapter into the state as a training checkpoint.
  private static func place(
    _ adapter: URL, _ model: String, _ name: String, in state: URL
  ) throws {
    let folder = state.appending(path: "golden/weights/\(name)")
    try FileManager.default.createDirectory(
      at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: adapter, to: folder)
    try Data(
      """
      {"format_version": 1, "base_model": "\(model)", "rank": 4, "alpha": 8, "seed": "1", "step": 0}
      """.utf8
    ).write(to: folder.appending(path: "trainer_state.json"))
  }

  private static func datum(_ row: JSONValue) throws -> Datum {
    var inputs: [Datum.LossInput] = []
    for (key, value) in row.object ?? [:] where key.text != "tokens" {
      let name = key.text ?? ""
      let rows = value.array ?? []
      let columns = rows.first?.array?.count
      let flat = columns == nil ? rows : rows.flatMap { $0.array ?? [] }
      let elements: TensorData.Elements =
        name == "target_tokens"
        ? .integers(flat.map { Int64($0.int ?? 0) })
        : .floats(flat.map { Float($0.double ?? .nan) })
      inputs.append(
        .init(
          name: name,
          tensor: try TensorData(
            elements: elements, shape: columns.map { [rows.count, $0] } ?? [rows.count])))
    }
    let tokens = (row["tokens"]?.array ?? []).map { UInt32($0.int ?? 0) }
    return Datum(modelInput: ModelInput(tokens: tokens), lossInputs: inputs)
  }
}
