import TinkerData
import TinkerVision

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `image-fuzz COUNT FILE…`: decodes the files, and COUNT mutations of them, through every path of the
/// library. Built with the address sanitizer (`Scripts/sanitize_images.sh`), it ends at the first access
/// out of bounds, use after free, or leak.
@main
enum Fuzz {
  static func main() throws {
    let count = Int(CommandLine.arguments.dropFirst().first ?? "") ?? 0
    let files = CommandLine.arguments.dropFirst(2).compactMap { read($0) }
    let size = try QwenSizeRule(patchSize: 14, mergeSize: 2, minPixels: 3_136, maxPixels: 12_544)
    // Small limits, so that what a mutated header declares stays cheap.
    let options = DecodingOptions(alpha: .white, orientation: .apply, pixelLimit: 1 << 18)
    let preprocessor = try ImagePreprocessor(
      PreprocessorConfiguration(
        size: .qwen(size), mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5]),
      resampler: .pillow13, decoding: options)
    let maker = VisionChunkMaker(size: .qwen(size), decoding: options)
    var random = TestRandom(seed: 20_260_711)
    var patches = PatchBuffer()
    var outcomes: [String: Int] = [:]
    for index in 0..<files.count + count {
      let file =
        index < files.count
        ? files[index]
        : Mutation.apply(to: files[index % files.count], among: files, using: &random)
      do throws(ImageError) {
        try preprocessor.patches(of: [file], into: &patches)
        _ = try maker.chunk(for: .bytes(file))
        outcomes["a picture", default: 0] += 1
      } catch {
        outcomes[error.kind.rawValue, default: 0] += 1
      }
    }
    print("\(files.count) files and \(count) mutations:")
    for (outcome, number) in outcomes.sorted(by: { $0.key < $1.key }) { print(outcome, number) }
  }

  private static func read(_ path: String) -> [UInt8]? {
    guard let stream = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(stream) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = unsafe fread(&block, 1, block.count, stream), count > 0 {
      bytes += block[..<count]
    }
    return bytes
  }
}
