import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit image`
struct ImageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image",
    abstract: "Tell the size, grid and tokens of images, or write their pixel values.",
    discussion: """
      Example:
        tinkerkit image photo.jpg --preset qwen3VL

      Only headers are read, unless --pixel-values asks for the numbers that the model reads: \
      float32, one row for each patch, the images one after another.
      """)

  @Argument(help: ArgumentHelp("PNG or JPEG files, or - for standard input.", valueName: "file"))
  var files: [String]

  @Option(help: "The image processor.")
  var preset: ImagePreset?

  @Option(
    help: ArgumentHelp(
      "A model's preprocessor_config.json or processor_config.json instead.", valueName: "file"))
  var config: String?

  @Option(help: "Whose resampling the pixel values have.")
  var resampler: Resampler?

  @Option(help: "Whose normalisation the pixel values have.")
  var normalization: Normalization?

  @Option(help: "What becomes of transparency in the pixel values.")
  var alpha: AlphaRule?

  @Option(help: "How sixteen bits of grey become eight in the pixel values.")
  var gray16: Gray16Rule?

  @Option(help: "What becomes of the orientation that a camera noted.")
  var orientation: OrientationRule?

  @Option(help: ArgumentHelp("Write the pixel values as NumPy array.", valueName: "out.npy"))
  var pixelValues: String?

  @Flag(help: "Print one JSON object for each file.")
  var json = false

  func validate() throws {
    if preset != nil, config != nil {
      throw ValidationError("--preset and --config exclude each other")
    }
    if pixelValues == nil, resampler != nil || normalization != nil || alpha != nil || gray16 != nil
    {
      throw ValidationError(
        "--resampler, --normalization, --alpha and --gray16 have no effect without --pixel-values")
    }
  }

  func run() throws {
    var processor = ImageProcessorArguments()
    processor.imagePreset = preset
    processor.imageConfig = config
    let configuration = try processor.configuration() ?? .qwen3VL
    let options = DecodingOptions(
      alpha: alpha ?? .drop, orientation: orientation ?? .ignore, gray16: gray16 ?? .high)
    let warn = orientation == nil ? OrientationWarning.once() : nil
    var rows: [ImageTable.Row] = []
    var contents: [[UInt8]] = []
    for path in files {
      let bytes: [UInt8]
      do throws(FileError) { bytes = try WholeFile.bytes(path: path) } catch {
        throw CommandFailure(error)
      }
      do throws(ImageError) {
        let header = try ImageHeader(of: bytes)
        let size = header.size(turned: options.orientation)
        let grid = try configuration.size.grid(width: size.width, height: size.height)
        if header.orientation != .up { warn?(header.orientation) }
        rows.append(ImageTable.Row(path: path, header: header, size: size, grid: grid))
      } catch { throw CommandFailure(.badInput, "\(path): \(error)") }
      if pixelValues != nil { contents.append(bytes) }
    }
    if let pixelValues { try write(contents, configuration, options, to: pixelValues) }
    var results = try Results()
    try results.write(json ? ImageTable.json(of: rows) : ImageTable.text(of: rows))
    try results.finish()
  }

  private func write(
    _ contents: [[UInt8]], _ configuration: PreprocessorConfiguration, _ options: DecodingOptions,
    to path: String
  ) throws(CommandFailure) {
    let interruption = Interruption()
    interruption.listen()
    let preprocessor: ImagePreprocessor
    do throws(PreprocessorConfigurationError) {
      preprocessor = try ImagePreprocessor(
        configuration, resampler: resampler ?? .torchvision, normalization: normalization ?? .fast,
        decoding: options)
    } catch { throw CommandFailure(.usage, error.description) }
    var patches = PatchBuffer()
    for (index, bytes) in contents.enumerated() {
      do throws(ImageError) { try preprocessor.append(bytes, to: &patches) } catch {
        throw CommandFailure(.badInput, "\(files[index]): \(error)")
      }
    }
    do throws(FileError) {
      try ArrayFile.write(
        patches.values, shape: [patches.patchCount, patches.patchLength], to: path, interruption)
    } catch { throw CommandFailure(error) }
  }
}
