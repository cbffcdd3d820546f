import ArgumentParser
import Synchronization
import TinkerFiles
import TinkerKit

/// The image processors that have a name.
enum ImagePreset: String, CaseIterable, ExpressibleByArgument {
  case qwen3VL
  case qwen25VL

  var configuration: PreprocessorConfiguration {
    switch self {
    case .qwen3VL: .qwen3VL
    case .qwen25VL: .qwen25VL
    }
  }
}

/// Which image processor is meant.
struct ImageProcessorArguments: ParsableArguments {
  @Option(help: "The image processor of vision renderers.")
  var imagePreset: ImagePreset?

  @Option(
    help: ArgumentHelp(
      "A model's preprocessor_config.json or processor_config.json instead.", valueName: "file"))
  var imageConfig: String?

  func validate() throws {
    if imagePreset != nil, imageConfig != nil {
      throw ValidationError("--image-preset and --image-config exclude each other")
    }
  }

  /// The configuration that was asked for.
  func configuration() throws(CommandFailure) -> PreprocessorConfiguration? {
    guard let imageConfig else { return imagePreset?.configuration }
    let text: [UInt8]
    do throws(FileError) { text = try WholeFile.bytes(path: imageConfig) } catch {
      throw CommandFailure(error)
    }
    do throws(PreprocessorConfigurationError) {
      return try PreprocessorConfiguration(parsing: text)
    } catch {
      throw CommandFailure(.badInput, "\(imageConfig): \(error)")
    }
  }
}

/// How conversations get their images.
struct ImageArguments: ParsableArguments {
  @OptionGroup var processor: ImageProcessorArguments

  @Option(
    help: ArgumentHelp(
      "Images may be files: relative paths in the data are read below this folder, and nowhere else.",
      valueName: "folder"))
  var imageRoot: String?

  @Option(help: "What becomes of the orientation that a camera noted.")
  var orientation: OrientationRule?

  func validate() throws {
    if processor.imagePreset == nil, processor.imageConfig == nil,
      imageRoot != nil || orientation != nil
    {
      throw ValidationError(
        "--image-root and --orientation have no effect without --image-preset or --image-config")
    }
  }

  /// What makes chunks of images, if there is an image processor.
  func chunkMaker() throws(CommandFailure) -> VisionChunkMaker? {
    guard let configuration = try processor.configuration() else { return nil }
    var references = ImageReferencePolicy(path: { (path) throws(ImageError) in
      throw ImageError(.unavailable, "'\(path)' is not opened: paths need --image-root")
    })
    if let imageRoot {
      let folder: FolderReader
      do throws(FileError) { folder = try FolderReader(root: imageRoot) } catch {
        throw CommandFailure(error)
      }
      references = ImageReferencePolicy(path: { (path) throws(ImageError) in
        do throws(FileError) { return try folder.bytes(of: path) } catch {
          throw ImageError(.unavailable, error.description)
        }
      })
    }
    return VisionChunkMaker(
      size: configuration.size,
      decoding: DecodingOptions(orientation: orientation ?? .ignore), references: references,
      onIgnoredOrientation: orientation == nil ? OrientationWarning.once() : nil)
  }
}

/// Says once that pictures lie on their side.
enum OrientationWarning {
  static func once() -> @Sendable (ImageOrientation) -> Void {
    let flag = Flag()
    return { orientation in
      guard flag.raise() else { return }
      Terminal.writeMessage(
        "tinkerkit: an image has the EXIF orientation \(orientation.rawValue), which is ignored, "
          + "as in training; --orientation apply turns it, --orientation ignore silences this\n")
    }
  }

  private final class Flag: Sendable {
    private let isRaised = Atomic(false)

    /// Whether this was the first call.
    func raise() -> Bool { !isRaised.exchange(true, ordering: .relaxed) }
  }
}
