public import TinkerLocal
import TinkerTokenizer

/// A model as the command line describes it: `NAME=DIR` or `NAME=seed:N[,key=value…]`.
public struct ModelArgument: Sendable, Hashable {
  /// The model.
  public var model: LocalModel
  /// The renderer of its chats, where one is named.
  public var renderer: String?

  /// The names of the settings, for help.
  public static let keys =
    "vocab, width, hidden, layers, heads, kv_heads, head_dim, context, eos, init (scaled or hf),"
    + " tied, vision (1 for a small tower), image_token, renderer"

  /// Reads a description.
  ///
  /// - Parameters:
  ///   - text: The description. A folder may be followed by `,renderer=NAME`.
  ///   - tokenizerFolder: The tokenizer of the model; without one, a folder's own is used. A model from a
  ///     seed takes its vocabulary and end token from it, unless told otherwise.
  /// - Throws: ``ServerError/settings(_:)`` that names what is wrong.
  public init(_ text: String, tokenizerFolder: String? = nil) throws(ServerError) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw .settings("--model \(text): NAME=DIR or NAME=seed:N is needed")
    }
    let name = String(text[..<equals])
    var parts = text[text.index(after: equals)...].split(
      separator: ",", omittingEmptySubsequences: false)
    let source = String(parts.removeFirst())
    var settings = Settings(model: name)
    for part in parts { try settings.add(part) }
    renderer = settings.texts.removeValue(forKey: "renderer")
    guard source.hasPrefix("seed:") else {
      guard settings.texts.isEmpty, settings.numbers.isEmpty, !source.isEmpty else {
        throw .settings("--model \(text): after a folder only renderer=NAME may stand")
      }
      model = LocalModel(name: name, source: .folder(source), tokenizerFolder: tokenizerFolder)
      return
    }
    guard let seed = UInt64(source.dropFirst("seed:".count)) else {
      throw .settings("--model \(text): the seed is no number from 0 to 2⁶⁴ − 1")
    }
    model = LocalModel(
      name: name,
      source: .seed(
        seed, try settings.configuration(tokenizerFolder), try settings.initialization()),
      tokenizerFolder: tokenizerFolder)
  }
}

/// What stands after the commas.
private struct Settings {
  let model: String
  var numbers: [String: Int] = [:]
  var texts: [String: String] = [:]

  init(model: String) { self.model = model }

  private static let texts: Set = ["renderer", "init"]
  private static let numbers: Set = [
    "vocab", "width", "hidden", "layers", "heads", "kv_heads", "head_dim", "context", "eos", "tied",
    "vision", "image_token",
  ]

  mutating func add(_ part: Substring) throws(ServerError) {
    let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let key = String(sides[0])
    let value = sides.count > 1 ? String(sides[1]) : ""
    if Self.texts.contains(key), !value.isEmpty {
      texts[key] = value
    } else if Self.numbers.contains(key) {
      guard let number = Int(value), number >= 0, number <= 1 << 30 else {
        throw .settings("--model \(model): \(key) is \(value); a number is needed")
      }
      numbers[key] = number
    } else {
      throw .settings("--model \(model): \(part) is not known; keys are \(ModelArgument.keys)")
    }
  }

  func initialization() throws(ServerError) -> SeededInitialization {
    guard let text = texts["init"] else { return .scaled }
    guard let initialization = SeededInitialization(rawValue: text) else {
      throw .settings("--model \(model): init is \(text); scaled or hf is needed")
    }
    return initialization
  }

  func configuration(_ tokenizerFolder: String?) throws(ServerError) -> ModelConfiguration {
    var tokenizer: Tokenizer?
    if let tokenizerFolder {
      do { tokenizer = try Tokenizer(contentsOf: tokenizerFolder) } catch {
        throw .settings("the tokenizer in \(tokenizerFolder) cannot be used: \(error)")
      }
    }
    let vocabulary = numbers["vocab"] ?? tokenizer?.vocabularySize ?? 2048
    let width = numbers["width"] ?? 128
    let heads = numbers["heads"] ?? 4
    let ends = numbers["eos"].map { [UInt32($0)] } ?? Self.ends(tokenizer)
    guard heads > 0, width > 0, vocabulary > 0 else {
      throw .settings("--model \(model): vocab, width and heads are at least 1")
    }
    let vision = try vision(tokenizer, vocabulary: vocabulary)
    return ModelConfiguration(
      vocabularySize: vocabulary, hiddenSize: width,
      intermediateSize: numbers["hidden"] ?? 3 * width, layers: numbers["layers"] ?? 4,
      heads: heads, keyValueHeads: numbers["kv_heads"] ?? max(1, heads / 2),
      headWidth: numbers["head_dim"] ?? max(2, width / heads / 2 * 2),
      isTied: numbers["tied"] == 1, endTokens: ends, contextLength: numbers["context"] ?? 4096,
      vision: vision)
  }

  /// The token that ends a turn of a chat, or else the tokenizer's own.
  private static func ends(_ tokenizer: Tokenizer?) -> [UInt32] {
    guard let tokenizer else { return [] }
    if let turn = tokenizer.tokenID(of: "<|im_end|>") { return [turn] }
    return tokenizer.endOfSequence?.id.map { [$0] } ?? []
  }

  private func vision(
    _ tokenizer: Tokenizer?, vocabulary: Int
  ) throws(ServerError) -> VisionConfiguration? {
    guard numbers["vision"] == 1 else { return nil }
    let token =
      numbers["image_token"].map { UInt32($0) } ?? tokenizer?.tokenID(of: "<|image_pad|>")
      ?? UInt32(vocabulary - 1)
    return VisionConfiguration(
      depth: 2, hiddenSize: 64, intermediateSize: 128, heads: 4, positionSide: 16,
      deepStackBlocks: [0], imageToken: token)
  }
}
