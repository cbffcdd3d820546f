import Foundation
import TestSupport
import Testing
import TinkerJSON
import TinkerLocal

@Suite struct AdapterFilesTests {
  static func weights() throws -> DecoderWeights {
    try DecoderWeights(seed: 1, initialization: .scaled, configuration: TinyModels.quick)
  }

  static func write(_ files: [(name: String, bytes: [UInt8])], to folder: URL) throws {
    for file in files { try Data(file.bytes).write(to: folder.appending(path: file.name)) }
  }

  @Test(arguments: [AdapterFiles.HeadName.peft, .service])
  func bothNamesOfTheHead(headName: AdapterFiles.HeadName) throws {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let weights = try Self.weights()
    let set = AdapterSet(for: weights, rank: 2, alpha: 3) { _ in true }
    set.initialise(seed: 4)
    try Self.write(AdapterFiles.files(set, baseModel: "b", headName: headName), to: folder)
    let file = try Safetensors(path: folder.path + "/adapter_model.safetensors")
    let head = headName == .peft ? "lm_head" : "model.unembed_tokens"
    #expect(file["base_model.model.\(head).lora_A.weight"]?.shape == [2, 32])
    let read = try AdapterFiles.load(folder: folder.path, for: weights)
    #expect(read.values.values == set.values.values)
    #expect(read.modules == set.modules && read.alpha == 3 && read.rank == 2)
  }

  @Test func damageIsNamed() throws {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let weights = try Self.weights()
    let set = AdapterSet(for: weights, rank: 2, alpha: 3) { $0.hasSuffix("o_proj") }
    func refuse(_ words: String, _ changes: [String: Any]) throws {
      try Self.write(AdapterFiles.files(set, baseModel: "b"), to: folder)
      let path = folder.appending(path: "adapter_config.json")
      var config = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any])
      config.merge(changes) { $1 }
      try JSONSerialization.data(withJSONObject: config).write(to: path)
      let error = #expect(throws: LocalError.self) {
        try AdapterFiles.load(folder: folder.path, for: weights)
      }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
    try refuse("r is missing", ["r": "x"])
    try refuse("lora_alpha", ["lora_alpha": NSNull()])
    try refuse("use_dora", ["use_dora": true])
    try refuse("rank_pattern", ["rank_pattern": ["q_proj": 4]])
    try refuse("not [5, 32]", ["r": 5])
    var other = TinyModels.quick
    other.layers = 1
    let small = try DecoderWeights(seed: 1, initialization: .scaled, configuration: other)
    try Self.write(AdapterFiles.files(set, baseModel: "b"), to: folder)
    let error = #expect(throws: LocalError.self) {
      try AdapterFiles.load(folder: folder.path, for: small)
    }
    #expect(error?.description.contains("layers.1") == true)
  }
}
