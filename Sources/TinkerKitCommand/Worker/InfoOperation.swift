import TinkerFiles
import TinkerKit

/// What the worker is.
enum InfoOperation {
  static func answer(_ setup: Worker.Setup, into writer: inout JSONWriter) throws(WorkerError) {
    writer.beginObject()
    writer.key("version")
    writer.string(Tinkerkit.version)
    if let tokenizer = setup.tokenizer, let file = setup.tokenizerFile {
      writer.key("tokenizer")
      writer.beginObject()
      writer.key("path")
      writer.string(setup.tokenizerPath ?? file)
      writer.key("sha256")
      do throws(FileError) {
        writer.string(try SHA256.digest(ofFile: file))
      } catch {
        throw WorkerError(kind: "tokenizer", message: error.description, path: nil)
      }
      writer.key("vocab_size")
      writer.integer(tokenizer.vocabularySize)
      writer.key("bos")
      write(tokenizer.beginningOfSequence, to: &writer)
      writer.key("eos")
      write(tokenizer.endOfSequence, to: &writer)
      writer.endObject()
    }
    if let renderer = setup.renderer {
      writer.key("renderer")
      write(renderer, to: &writer)
    }
    if let configuration = setup.images.configuration {
      writer.key("image")
      write(configuration.size, resampler: setup.images.resampler, to: &writer)
    }
    writer.endObject()
  }

  private static func write(_ token: SpecialToken?, to writer: inout JSONWriter) {
    if let token { writer.string(token.text) } else { writer.null() }
  }

  private static func write(_ renderer: Renderer, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("name")
    writer.string(renderer.name)
    writer.key("options")
    writer.value(.object(renderer.options))
    writer.key("stop")
    writer.stopSequences(renderer.stopSequences)
    writer.key("bos")
    writer.beginArray()
    for id in renderer.beginning { writer.integer(Int(id)) }
    writer.endArray()
    writer.key("has_extension_property")
    writer.bool(renderer.hasExtensionProperty)
    writer.key("disables_thinking")
    writer.bool(renderer.disablesThinking)
    writer.key("supports_streaming")
    writer.bool(renderer.supportsStreaming)
    writer.endObject()
  }

  /// The numbers have the names of the published preprocessor files.
  private static func write(
    _ size: ImageSizeRule, resampler: Resampler, to writer: inout JSONWriter
  ) {
    let (kind, numbers): (String, [(String, Int)]) =
      switch size {
      case .qwen(let rule):
        (
          "qwen",
          [
            ("patch_size", rule.patchSize), ("merge_size", rule.mergeSize),
            ("min_pixels", rule.minPixels), ("max_pixels", rule.maxPixels),
          ]
        )
      case .kimi(let rule):
        (
          "kimi",
          [
            ("patch_size", rule.patchSize), ("merge_size", rule.mergeSize),
            ("max_patches", rule.maxPatches), ("side", rule.maxSide),
          ]
        )
      case .nemotron(let rule):
        (
          "nemotron",
          [
            ("patch_size", rule.patchSize), ("merge_size", rule.mergeSize),
            ("min_patches", rule.minPatches), ("max_patches", rule.maxPatches),
            ("max_model_len", rule.contextLength),
          ]
        )
      }
    writer.beginObject()
    writer.key("kind")
    writer.string(kind)
    for (name, value) in numbers {
      writer.key(name)
      writer.integer(value)
    }
    writer.key("resampler")
    writer.string(resampler.rawValue)
    writer.endObject()
  }
}
