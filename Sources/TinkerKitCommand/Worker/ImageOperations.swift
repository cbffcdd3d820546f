import TinkerFiles
import TinkerKit

/// What a worker was told about images.
struct ImageSetup {
  /// The image processor, unless a request brings its own.
  var configuration: PreprocessorConfiguration?
  /// The resampler, unless a request says otherwise.
  var resampler = Resampler.torchvision
  /// Whether requests may name files.
  var allowsPaths = false
}

/// The operations on images.
struct ImageOperations {
  /// Whose numbers `image` gives.
  private enum Backend: String, CaseIterable {
    case fast
    case slow
  }

  let setup: ImageSetup

  func answer(
    _ operation: WorkerOperation, _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    do {
      writer.beginObject()
      switch operation {
      case .imageSize: try size(request, into: &writer)
      case .imageDecode: try decode(request, into: &writer)
      case .imageResize: try resize(request, into: &writer)
      case .imageChunk: try chunk(request, into: &writer)
      default: try image(request, into: &writer)
      }
      writer.endObject()
    } catch let error as WorkerError {
      throw error
    } catch let error as ImageError {
      throw WorkerError(kind: "image.\(error.kind.rawValue)", message: error.message, path: nil)
    } catch let error as PreprocessorConfigurationError {
      throw .request(error.message, path: error.key.map { "config.\($0)" } ?? "config")
    } catch {
      throw .request("\(error)")
    }
  }

  private func image(
    _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws {
    let file = try file(request)
    let options = try decodingOptions(request)
    let configuration = try configuration(request)
    let header = try ImageHeader(of: file, pixelLimit: options.pixelLimit)
    let grid = try configuration.size.grid(width: header.width, height: header.height)
    let backend = try request.choice("backend", of: Backend.self)
    var patches: PatchBuffer?
    if try request.flag("values") {
      let preprocessor = try ImagePreprocessor(
        configuration,
        resampler: backend.map { $0 == .fast ? .torchvision : .pillow13 } ?? setup.resampler,
        normalization: backend == .slow ? .slow : .fast, decoding: options)
      patches = try preprocessor.patches(of: [file])
    } else {
      _ = try RGBImage(decoding: file, options: options)
    }
    write(header, width: header.width, height: header.height, into: &writer)
    writer.key("resized")
    writer.integers([grid.height, grid.width])
    writer.key("grid_thw")
    writer.integers(grid.thw)
    writer.key("tokens")
    writer.integer(grid.tokens)
    guard let patches else { return }
    writer.key("pixel_values")
    writer.beginObject()
    writer.key("shape")
    writer.integers([patches.patchCount, patches.patchLength])
    writer.key("sha256")
    writer.string(SHA256.digest(of: patches.values))
    writer.key("head")
    writer.beginArray()
    for index in 0..<min(16, patches.values.count) { writer.double(Double(patches.values[index])) }
    writer.endArray()
    writer.endObject()
  }

  private func size(_ request: borrowing WorkerRequest, into writer: inout JSONWriter) throws {
    guard let height = try request.optionalInteger("height"),
      let width = try request.optionalInteger("width")
    else { throw WorkerError.request("the keys 'height' and 'width' are needed") }
    let grid = try configuration(request).size.grid(width: width, height: height)
    writer.key("resized")
    writer.integers([grid.height, grid.width])
    writer.key("grid")
    writer.integers(grid.thw)
    writer.key("tokens")
    writer.integer(grid.tokens)
    guard case .kimi = try configuration(request).size else { return }
    writer.key("padded")
    writer.integers([grid.paddedHeight, grid.paddedWidth])
  }

  private func decode(_ request: borrowing WorkerRequest, into writer: inout JSONWriter) throws {
    let file = try file(request)
    var options = try decodingOptions(request)
    options.orientation = try request.flag("orient") ? .apply : .ignore
    let header = try ImageHeader(of: file, pixelLimit: options.pixelLimit)
    let image = try RGBImage(decoding: file, options: options)
    write(header, width: image.width, height: image.height, into: &writer)
    writer.key("rgb_sha256")
    writer.string(SHA256.digest(of: image.bytes))
    writer.key("head")
    writer.integers(image.bytes.prefix(12).map { Int($0) })
  }

  private func resize(_ request: borrowing WorkerRequest, into writer: inout JSONWriter) throws {
    let image =
      if request.has("formula") {
        try Self.picture(try Self.integers(request, "formula", count: 6))
      } else {
        try RGBImage(decoding: file(request), options: DecodingOptions(gray16: .clip))
      }
    let size = try Self.integers(request, "to", count: 2)
    let resized = try image.resized(
      width: size[0], height: size[1],
      filter: try request.choice("filter", of: ResamplingFilter.self) ?? .bicubic,
      resampler: try request.choice("resampler", of: Resampler.self) ?? setup.resampler)
    writer.key("sha256")
    writer.string(SHA256.digest(of: resized.bytes))
    writer.key("head")
    writer.integers(resized.bytes.prefix(12).map { Int($0) })
  }

  private func chunk(_ request: borrowing WorkerRequest, into writer: inout JSONWriter) throws {
    let maker = VisionChunkMaker(
      size: try configuration(request).size,
      encoding: try request.choice("encode", of: VisionChunkMaker.Encoding.self) ?? .jpeg75)
    let chunk = try maker.chunk(for: .bytes(file(request)))
    writer.key("format")
    writer.string(chunk.format.rawValue)
    writer.key("expected_tokens")
    writer.integer(chunk.expectedTokens)
    writer.key("width")
    writer.integer(chunk.width)
    writer.key("height")
    writer.integer(chunk.height)
    writer.key("bytes")
    writer.integer(chunk.data.count)
    writer.key("sha256")
    writer.string(SHA256.digest(of: chunk.data))
  }
}

/// What the operations have in common.
extension ImageOperations {
  private func file(_ request: borrowing WorkerRequest) throws -> [UInt8] {
    guard let path = try request.optionalText("path") else {
      guard let bytes = Base64.decode(try request.text("data")) else {
        throw WorkerError.request("the value is not Base64", path: "data")
      }
      return bytes
    }
    guard !request.has("data") else {
      throw WorkerError.request("'data' and 'path' exclude each other", path: "path")
    }
    guard setup.allowsPaths else {
      throw WorkerError.request(
        "paths are allowed only when the worker was started with --allow-paths", path: "path")
    }
    do throws(FileError) { return try WholeFile.bytes(path: path) } catch {
      throw WorkerError.request(error.description, path: "path")
    }
  }

  private func configuration(
    _ request: borrowing WorkerRequest
  ) throws -> PreprocessorConfiguration {
    if request.has("config") { return try PreprocessorConfiguration(try request.tree("config")) }
    guard let configuration = setup.configuration else {
      throw WorkerError.request(
        "the key 'config' is missing, and the worker was started without --image-preset",
        path: "config")
    }
    return configuration
  }

  private func decodingOptions(_ request: borrowing WorkerRequest) throws -> DecodingOptions {
    DecodingOptions(
      alpha: try request.choice("alpha", of: AlphaRule.self) ?? .drop,
      gray16: try request.choice("gray16", of: Gray16Rule.self) ?? .high)
  }

  private func write(
    _ header: ImageHeader, width: Int, height: Int, into writer: inout JSONWriter
  ) {
    writer.key("format")
    writer.string(header.format == .png ? "PNG" : "JPEG")
    writer.key("mode")
    writer.string(header.mode.rawValue)
    writer.key("width")
    writer.integer(width)
    writer.key("height")
    writer.integer(height)
  }

  private static func integers(
    _ request: borrowing WorkerRequest, _ key: String, count: Int
  ) throws -> [Int] {
    guard let values = try request.tree(key).array?.map(\.int), values.count == count,
      case let integers = values.compactMap({ $0 }), integers.count == count
    else { throw WorkerError.request("expected \(count) integers", path: key) }
    return integers
  }

  /// The picture that a formula of the goldens describes: the byte of column x, row y and channel c is
  /// the low byte of (a·x + b·y + d·c) xor ((x·y) >> k).
  private static func picture(_ formula: [Int]) throws -> RGBImage {
    let (width, height) = (formula[0], formula[1])
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, area <= ImageHeader.defaultPixelLimit,
      (0..<63).contains(formula[5])
    else { throw WorkerError.request("no picture has this size and shift", path: "formula") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(area * 3)
    for y in 0..<height {
      for x in 0..<width {
        let place = x &* formula[2] &+ y &* formula[3]
        for channel in 0..<3 {
          let value = (place &+ channel &* formula[4]) ^ (x * y) >> formula[5]
          bytes.append(UInt8(truncatingIfNeeded: value))
        }
      }
    }
    return try RGBImage(width: width, height: height, bytes: bytes)
  }
}

extension JSONWriter {
  fileprivate mutating func integers(_ values: [Int]) {
    beginArray()
    for value in values { integer(value) }
    endArray()
  }
}
