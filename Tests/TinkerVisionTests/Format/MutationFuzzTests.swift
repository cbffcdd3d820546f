import FoundationEssentials
import Testing
import TinkerData
import TinkerVision

/// Damaged files of every kind give an `ImageError` or a picture, and nothing else.
///
/// `Scripts/sanitize_images.sh` runs this under the address sanitizer, with more files.
@Suite struct MutationFuzzTests {
  static let count =
    Int(ProcessInfo.processInfo.environment["TINKERKIT_MUTATIONS"] ?? "") ?? 2_000

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
      let file = Self.mutated(files[index % files.count], among: files, using: &random)
      do throws(ImageError) {
        try preprocessor.patches(of: [file], into: &patches)
        _ = try maker.chunk(for: .bytes(file))
      } catch {
        kinds[error.kind, default: 0] += 1
      }
    }
    #expect(kinds.keys.contains(.corrupt) && kinds.keys.contains(.truncated))
  }

  /// A file with one to four changes: bytes, bits, numbers, cuts, repeats, parts of other files.
  private static func mutated(
    _ file: [UInt8], among files: [[UInt8]], using random: inout TestRandom
  ) -> [UInt8] {
    var out = file
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard !out.isEmpty else { return out }
      // Headers are short, and most of what can go wrong is in them.
      let reach = Bool.random(using: &random) ? min(out.count, 700) : out.count
      let place = Int.random(in: 0..<reach, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: out[place] = UInt8.random(in: 0...255, using: &random)
      case 1: out[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: out[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
      case 3:
        out.removeSubrange(place..<min(out.count, place + Int.random(in: 1...40, using: &random)))
      case 4: out.removeSubrange(place...)
      case 5:
        let end = min(out.count, place + Int.random(in: 1...40, using: &random))
        out.insert(contentsOf: out[place..<end], at: place)
      default:
        let other = files[Int.random(in: 0..<files.count, using: &random)]
        let start = Int.random(in: 0..<other.count, using: &random)
        out.insert(contentsOf: other[start..<min(other.count, start + 60)], at: place)
      }
    }
    return out
  }
}
