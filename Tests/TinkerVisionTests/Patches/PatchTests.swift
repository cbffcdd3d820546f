import Testing
import TinkerData
import TinkerVision

@Suite struct PatchTests {
  @Test func picturesFollowOneAnother() throws {
    let preprocessor = try ImagePreprocessor(.qwen3VL)
    let files = [(300, 200), (40, 90)].map { TestPNG.picture(width: $0.0, height: $0.1) }
    let both = try preprocessor.patches(of: files)
    let first = try preprocessor.patches(of: [files[0]])
    let second = try preprocessor.patches(of: [files[1]])
    #expect(both.gridTHW == first.gridTHW + second.gridTHW)
    #expect(both.patchCount == first.patchCount + second.patchCount)
    let rest = both.values.extracting(first.values.count..<both.values.count)
    #expect((0..<first.values.count).allSatisfy { both.values[$0] == first.values[$0] })
    #expect((0..<second.values.count).allSatisfy { rest[$0] == second.values[$0] })
  }

  @Test func memoryIsUsedAgain() throws {
    let preprocessor = try ImagePreprocessor(.qwen25VL)
    let (large, small) = (
      TestPNG.picture(width: 300, height: 200), TestPNG.picture(width: 60, height: 60)
    )
    var buffer = PatchBuffer()
    try preprocessor.patches(of: [large], into: &buffer)
    try preprocessor.patches(of: [small], into: &buffer)
    let fresh = try preprocessor.patches(of: [small])
    #expect(buffer.values.count == fresh.values.count && buffer.grids == fresh.grids)
    #expect(fresh.values.indices.allSatisfy { buffer.values[$0] == fresh.values[$0] })
    #expect(throws: ImageError.self) {
      try preprocessor.append(Array(large.prefix(900)), to: &buffer)
    }
    #expect(buffer.grids == fresh.grids && buffer.values.count == fresh.values.count)
  }

  @Test func memoryOfTheCallerIsWritten() throws {
    let preprocessor = try ImagePreprocessor(.qwen3VL)
    let file = TestPNG.picture(width: 300, height: 200)
    let wanted = try preprocessor.patches(of: [file])
    var memory = [Float](repeating: 7, count: wanted.values.count + 5)
    var span = memory.mutableSpan
    let grid = try preprocessor.writePatches(of: file.span, to: &span)
    #expect([grid] == wanted.grids)
    #expect(wanted.values.indices.allSatisfy { memory[$0] == wanted.values[$0] })
    #expect(memory.suffix(5).allSatisfy { $0 == 7 })
    var short = [Float](repeating: 0, count: wanted.values.count - 1)
    var shortSpan = short.mutableSpan
    var kind: ImageError.Kind?
    do throws(ImageError) {
      try preprocessor.writePatches(of: file.span, to: &shortSpan)
    } catch { kind = error.kind }
    #expect(kind == .tooLarge)
  }

  @Test(arguments: [8, 14, 16, 20])
  func portableLoopEqualsVectors(_ side: Int) throws {
    let size = try QwenSizeRule(
      patchSize: side, mergeSize: 2, minPixels: 1_000, maxPixels: 40_000)
    let grid = try ImageSizeRule.qwen(size).grid(width: 150, height: 70)
    let layout = PatchLayout(patchSize: side, mergeSize: 2, grid: grid)
    let configuration = PreprocessorConfiguration.qwen25VL
    let table = NormalizationTable(
      mean: configuration.mean, deviation: configuration.deviation, .fast)
    var band = RowStore(rowBytes: grid.width * 3, capacity: side)
    var random = TestRandom(seed: UInt64(side))
    let count = grid.rows * grid.columns * layout.patchLength
    var (vectors, portable) = (
      [Float](repeating: 0, count: count), [Float](repeating: 0, count: count)
    )
    for row in 0..<grid.rows {
      for line in 0..<side {
        var memory = band.mutableRow(line)
        for index in memory.indices { memory[index] = UInt8.random(in: 0...255, using: &random) }
      }
      var span = vectors.mutableSpan
      PatchKernel.write(band, row: row, layout: layout, table: table, to: &span)
      span = portable.mutableSpan
      PatchKernel.writePortably(band, row: row, layout: layout, table: table, to: &span)
    }
    #expect(vectors == portable)
  }

  @Test func otherModelsHaveNoPatches() {
    #expect(throws: PreprocessorConfigurationError.self) { try ImagePreprocessor(.kimiK25) }
  }
}
