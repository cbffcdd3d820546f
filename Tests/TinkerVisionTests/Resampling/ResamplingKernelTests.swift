import Testing
import TinkerData
import TinkerVision

/// Vectors, portable loops and the plain model give the same bytes.
@Suite struct ResamplingKernelTests {
  @Test func resizedPicturesEqualThePlainModel() throws {
    var random = TestRandom(seed: 7)
    for _ in 0..<60 {
      let side = 1...90
      let image = try Self.picture(
        Int.random(in: side, using: &random), Int.random(in: side, using: &random), &random)
      let (width, height) = (
        Int.random(in: side, using: &random), Int.random(in: side, using: &random)
      )
      for resampler in Resampler.allCases {
        for filter in ResamplingFilter.allCases {
          let resized = try image.resized(
            width: width, height: height, filter: filter, resampler: resampler)
          let plain = PlainModel.resize(
            image, width: width, height: height, filter: filter, resampler: resampler)
          let place = "\(image.width)×\(image.height) to \(width)×\(height) \(filter) \(resampler)"
          #expect(
            resized.bytes == plain,
            "\(place): \(PlainModel.firstDifference(resized.bytes, plain, width: width))")
        }
      }
    }
  }

  @Test func portableLoopsEqualVectors() throws {
    var random = TestRandom(seed: 8)
    for _ in 0..<80 {
      let (old, new) = (
        Int.random(in: 1...200, using: &random), Int.random(in: 1...200, using: &random)
      )
      let resampler = Resampler.allCases.randomElement(using: &random) ?? .torchvision
      let table = WeightTable(from: old, to: new, filter: .bicubic, resampler: resampler)
      // Along a row.
      var input = RowStore(rowBytes: old * 3, capacity: 1)
      Self.fill(&input, &random)
      var vectors = RowStore(rowBytes: new * 3, capacity: 1)
      var portable = RowStore(rowBytes: new * 3, capacity: 1)
      var memory = vectors.mutableRow(0)
      ResamplingKernel.resampleRow(input.row(0), to: &memory, table: table)
      memory = portable.mutableRow(0)
      ResamplingKernel.resampleRowPortably(input.row(0), to: &memory, table: table)
      #expect(Self.equal(vectors, portable, new * 3))
      // Across rows.
      let bytes = Int.random(in: 1...120, using: &random) * 3
      var rows = RowStore(rowBytes: bytes, capacity: old)
      Self.fill(&rows, &random)
      vectors = RowStore(rowBytes: bytes, capacity: 1)
      portable = RowStore(rowBytes: bytes, capacity: 1)
      for row in 0..<new {
        memory = vectors.mutableRow(0)
        ResamplingKernel.resampleColumns(
          rows, row: row, to: &memory, byteCount: bytes, table: table)
        memory = portable.mutableRow(0)
        ResamplingKernel.resampleColumnsPortably(
          rows, row: row, to: &memory, byteCount: bytes, table: table)
        #expect(Self.equal(vectors, portable, bytes))
      }
    }
  }

  private static func picture(
    _ width: Int, _ height: Int, _ random: inout TestRandom
  ) throws -> RGBImage {
    // Black and white noise is where clamping matters.
    let hard = Bool.random(using: &random)
    let bytes = (0..<width * height * 3).map { _ in
      let byte = UInt8.random(in: 0...255, using: &random)
      return hard ? (byte < 128 ? 0 : 255) : byte
    }
    return try RGBImage(width: width, height: height, bytes: bytes)
  }

  private static func fill(_ rows: inout RowStore, _ random: inout TestRandom) {
    for row in 0..<rows.capacity {
      var memory = rows.mutableRow(row)
      for index in memory.indices { memory[index] = UInt8.random(in: 0...255, using: &random) }
    }
  }

  private static func equal(_ left: RowStore, _ right: RowStore, _ count: Int) -> Bool {
    (0..<count).allSatisfy { left.row(0)[$0] == right.row(0)[$0] }
  }
}
