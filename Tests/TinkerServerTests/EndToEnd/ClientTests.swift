import ClientTestSupport
import Foundation
import TestSupport
import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerLocal

@Suite struct ClientTests {
  @Test func everyStep() async throws {
    let server = try await TestServer()
    let run = EndToEndRun(server: server.url, apiKey: "tml-test", model: "tiny")
    try await run.run()
    await server.stop()
    for failure in run.failures { Issue.record("\(failure)") }
    #expect(run.passed == EndToEndRun.stepCount)
  }

  @Test func imagesTrainAndSample() async throws {
    let configuration = ModelConfiguration(
      vocabularySize: 32, hiddenSize: 32, intermediateSize: 48, layers: 2, heads: 4,
      keyValueHeads: 2, headWidth: 8, endTokens: [1], contextLength: 64,
      vision: VisionConfiguration(
        depth: 2, hiddenSize: 32, intermediateSize: 48, heads: 4, positionSide: 8,
        deepStackBlocks: [0], imageToken: 30, minPixels: 4096))
    let server = try await TestServer([
      LocalModel(name: "sees", source: .seed(1, configuration, .scaled))
    ])
    let service = ServiceClient(ServiceOptions(baseURL: server.url, apiKey: "tml-test"))
    let client = try await service.createLoraTrainingClient(
      baseModel: "sees", lora: LoraConfig(rank: 4, seed: 1))
    let pictures: [(data: [UInt8], name: UInt32)] = [
      (PNG.oneColour(220, 20, 20), 10), (PNG.oneColour(30, 30, 220), 12),
    ]
    func chunk(_ data: [UInt8]) -> ModelInputChunk {
      .image(ImageChunk(data: data, format: .png, expectedTokens: 4, width: 64, height: 64))
    }
    let data = pictures.map { picture in
      Datum(
        modelInput: ModelInput(chunks: [
          .tokens([5]), chunk(picture.data), .tokens([6, picture.name]),
        ]),
        lossInputs: [
          .init(
            name: "target_tokens",
            tensor: TensorData([0, 0, 0, 0, 0, Int64(picture.name), 1] as [Int64])),
          .init(name: "weights", tensor: TensorData([0, 0, 0, 0, 0, 1, 1] as [Float])),
        ])
    }
    for _ in 0..<40 {
      _ = try client.forwardBackward(data)
      _ = try await client.optimStep(AdamParams(learningRate: 1e-2, eps: 1e-8)).value
    }
    let sampler = try await client.saveWeightsAndGetSamplingClient().value
    for picture in pictures {
      let response = try await sampler.sample(
        SampleRequest(
          prompt: ModelInput(chunks: [.tokens([5]), chunk(picture.data), .tokens([6])]),
          params: SamplingParams(maxTokens: 4, temperature: 0)))
      #expect(response.sequences[0].tokens == [picture.name, 1])
    }
    let wrong = Datum(
      modelInput: ModelInput(chunks: [
        .image(ImageChunk(data: [1, 2, 3], format: .png, expectedTokens: 4, width: 64, height: 64))
      ]), lossInputs: data[0].lossInputs)
    await #expect(throws: ClientError.self) { try await client.forwardBackward([wrong]).value }
    await server.stop()
  }
}

/// A PNG of one colour, its pixels stored uncompressed.
enum PNG {
  static func oneColour(_ red: UInt8, _ green: UInt8, _ blue: UInt8, side: Int = 64) -> [UInt8] {
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
    let count = UInt16(raw.count)
    var stream: [UInt8] = [0x78, 0x01, 1]
    stream += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
    stream += raw
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in raw {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    stream += bigEndian(b << 16 | a)
    let size = bigEndian(UInt32(side))
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", size + size + [8, 2, 0, 0, 0]) + chunk("IDAT", stream) + chunk("IEND", [])
  }
}
