import Foundation
import TestSupport
import Testing
import TinkerData
import TinkerLocal

@Suite struct VisionServiceTests {
  static let configuration = ModelConfiguration(
    vocabularySize: 32, hiddenSize: 32, intermediateSize: 48, layers: 2, heads: 4, keyValueHeads: 2,
    headWidth: 8, endTokens: [1], contextLength: 64,
    vision: VisionConfiguration(
      depth: 2, hiddenSize: 32, intermediateSize: 48, heads: 4, positionSide: 8,
      deepStackBlocks: [0], imageToken: 30, minPixels: 4096))

  /// A PNG of one colour, with its pixels stored uncompressed.
  static func png(_ red: UInt8, _ green: UInt8, _ blue: UInt8, side: Int = 64) -> [UInt8] {
    func bigEndian(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
    func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(type.utf8) + data
      var crc: UInt32 = 0xFFFF_FFFF
      for byte in body {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
      }
      return bigEndian(UInt32(data.count)) + body + bigEndian(~crc)
    }
    let row: [UInt8] = [0] + (0..<side).flatMap { _ in [red, green, blue] }
    let raw: [UInt8] = (0..<side).flatMap { _ in row }
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: raw.count, by: 65535) {
      let part = raw[start..<min(raw.count, start + 65535)]
      let count = UInt16(part.count)
      stream += [start + 65535 >= raw.count ? 1 : 0]
      stream += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
      stream += part
    }
    var a: UInt32 = 1
    var b: UInt32 = 0
    for byte in raw {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    stream += bigEndian(b << 16 | a)
    let size = UInt32(side)
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", bigEndian(size) + bigEndian(size) + [8, 2, 0, 0, 0]) + chunk("IDAT", stream)
      + chunk("IEND", [])
  }

  static func image(_ data: [UInt8], expected: Int = 4) -> ModelInputChunk {
    .image(ImageChunk(data: data, format: .png, expectedTokens: expected, width: 64, height: 64))
  }

  @Test func namesColours() async throws {
    let folder = try Places.scratch()
    let service = LocalService(
      LocalConfiguration(
        models: [LocalModel(name: "sees", source: .seed(1, Self.configuration, .scaled))],
        stateFolder: folder.path, threads: 2))
    let trainer = try await service.makeTrainer(
      baseModel: "sees", lora: LoraConfig(rank: 4, seed: 1))
    let colours: [(data: [UInt8], name: UInt32)] = [
      (Self.png(220, 20, 20), 10), (Self.png(20, 200, 20), 11), (Self.png(30, 30, 220), 12),
    ]
    let data = colours.map { data, name in
      // [question, four image positions, answer] → the answer, then the end.
      Datum(
        modelInput: ModelInput(chunks: [.tokens([5]), Self.image(data), .tokens([6, name])]),
        lossInputs: [
          .init(
            name: "target_tokens", tensor: TensorData([0, 0, 0, 0, 0, Int64(name), 1] as [Int64])),
          // A weight before an image position counts for nothing.
          .init(name: "weights", tensor: TensorData([9, 0, 0, 0, 0, 1, 1] as [Float])),
        ])
    }
    func step() async throws -> Double {
      let pass = try trainer.forwardBackward(data, loss: .crossEntropy)
      _ = try await trainer.optimStep(AdamParams(learningRate: 1e-2, eps: 1e-8)).value
      return try await pass.value.metrics["loss:sum"] ?? .nan
    }
    let first = try await step()
    for _ in 0..<60 { _ = try await step() }
    let last = try await step()
    #expect(first > 10 && last < 0.5, "\(first) became \(last)")
    let sampler = try await trainer.makeSampler().value
    for (data, name) in colours {
      let response = try await sampler.sample(
        SampleRequest(
          prompt: ModelInput(chunks: [.tokens([5]), Self.image(data), .tokens([6])]),
          params: SamplingParams(maxTokens: 4, temperature: 0), promptLogprobs: true))
      #expect(response.sequences[0].tokens == [name, 1])
      let isScored = try #require(response.promptLogprobs).map { $0 != nil }
      #expect(isScored == [false, false, false, false, false, true])
    }
    await #expect(throws: LocalError.self) {
      try await sampler.sample(
        SampleRequest(prompt: ModelInput(chunks: [Self.image(colours[0].data, expected: 5)])))
    }
    await #expect(throws: LocalError.self) {
      try await sampler.sample(
        SampleRequest(prompt: ModelInput(chunks: [Self.image([1, 2, 3])])))
    }
    await #expect(throws: LocalError.self) {
      try await service.makeFullTrainer(baseModel: "sees")
    }
  }
}
