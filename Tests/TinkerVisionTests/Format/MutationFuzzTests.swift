import Testing
import TinkerData
import TinkerVision

/// Damaged files of every kind give an `ImageError` or a picture, and nothing else.
///
/// `Scripts/sanitize_images.sh` does the same under the address sanitizer.
@Suite struct MutationFuzzTests {
  static let count = 2_000

  @Test func mutatedFilesDoNoHarm() throws {
    let names = try Golden.rows("decode").map { try $0.text("file") }
    let files = try names.map { try Golden.file("files/\($0)") }
    // Small limits, so that what a mutated header declares stays cheap.
    let options = DecodingOptions(alpha: .white, orientation: .apply, pixelLimit: 1 << 18)
    let size = try QwenSizeRule(
      patchSize: 14, mergeSize: 2, minPixels: 3_136, maxPixels: 12_544)
    let configuration = try PreprocessorConfiguration(
      size: .qwen(size), mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
    let preprocessor = try ImagePreprocessor(configuration, decoding: options)
    let maker = VisionChunkMaker(size: .qwen(size), decoding: options)
    var random = TestRandom(seed: 20_260_711)
    var kinds: [ImageError.Kind: Int] = [:]
    var patches = PatchBuffer()
    for index in 0..<Self.count {
      let file = Mutation.apply(to: files[index % files.count], among: files, using: &random)
      do throws(ImageError) {
        try preprocessor.patches(of: [file], into: &patches)
        _ = try maker.chunk(for: .bytes(file))
      } catch {
        kinds[error.kind, default: 0] += 1
      }
    }
    #expect(kinds.keys.contains(.corrupt) && kinds.keys.contains(.truncated))
  }
}
