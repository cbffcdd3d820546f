import Foundation
import TestSupport
import TinkerRendering
import TinkerTokenizer

/// Renderers over the small tokenizers of the package.
enum Fixture {
  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(contentsOf: Places.fixtures.appending(path: "tokenizers/\(name)").path)
  }

  static func renderer(
    _ name: String, tokenizer: String, options: RendererOptions = RendererOptions()
  ) throws -> Renderer {
    try Renderer(
      named: name, tokenizer: try Self.tokenizer(tokenizer), options: options,
      images: HeaderImages())
  }

  /// The error that a body throws, or `nil`.
  static func error(_ body: () throws -> Void) -> RenderingError? {
    do {
      try body()
      return nil
    } catch { return error as? RenderingError }
  }
}
