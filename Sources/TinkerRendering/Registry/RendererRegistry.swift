public import TinkerTokenizer

/// What a family is made of.
public struct FamilySetup: Sendable {
  /// The name the renderer was asked for by.
  public let name: String
  /// The tokenizer of the model.
  public let tokenizer: Tokenizer
  /// The renderer's options.
  public let options: OptionValues
  /// Whether the faults of the reference are corrected.
  public let isStrict: Bool

  /// The id of a text that the tokenizer must have as one token.
  ///
  /// - Throws: `RenderingError` that names the token.
  public func token(_ text: String) throws(RenderingError) -> UInt32 {
    let ids = tokenizer.encode(text)
    guard ids.count == 1 else {
      throw RenderingError(
        .request, "the tokenizer has no token \(text), which the renderer \(name) needs")
    }
    return ids[0]
  }

  /// The ids of a framing text, encoded in one call.
  public func encode(_ text: String) -> [UInt32] { tokenizer.encode(text) }
}

/// Makes a family for a tokenizer.
public typealias FamilyFactory = @Sendable (FamilySetup) throws(RenderingError) -> any ChatFamily

/// Renderers by name. A value: a program that adds renderers of its own passes its registry on.
///
/// ```swift
/// var registry = RendererRegistry.standard
/// registry.register("mine") { setup in MyFamily(setup) }
/// let renderer = try Renderer(named: "mine", tokenizer: tokenizer, registry: registry)
/// ```
public struct RendererRegistry: Sendable {
  /// A renderer that can be made.
  struct Entry: Sendable {
    let names: [String]
    let options: [RendererOption]
    let make: FamilyFactory
  }

  private var entries: [Entry] = []

  /// A registry without renderers.
  public init() {}

  /// The renderers of this package.
  public static let standard: RendererRegistry = {
    var registry = RendererRegistry()
    for entry in standardEntries + laterEntries { registry.entries.append(entry) }
    return registry
  }()

  /// What the name of a renderer begins with that is made of a chat template; the path follows.
  public static let templatePrefix = "template:"

  /// The names of all renderers, in the order of their registration.
  public var names: [String] { entries.flatMap(\.names) }

  /// Adds a renderer. It is looked up before those that were there, also under their names.
  public mutating func register(
    _ name: String, options: [RendererOption] = [], make: @escaping FamilyFactory
  ) {
    entries.append(Entry(names: [name], options: options, make: make))
  }

  func entry(named name: String) throws(RenderingError) -> Entry {
    if let entry = entries.last(where: { $0.names.contains(name) }) { return entry }
    if let template = try TemplateFile(rendererName: name) { return template.entry(named: name) }
    let close = names.filter { $0.hasPrefix(name) || name.hasPrefix($0) }
    let hint = (close.isEmpty ? names : close).joined(separator: ", ")
    throw RenderingError(.request, "there is no renderer '\(name)'; meant is perhaps: \(hint)")
  }
}
