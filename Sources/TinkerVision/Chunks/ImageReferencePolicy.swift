public import TinkerData

/// What may be opened when a conversation refers to an image by a text.
///
/// Data URIs are always read. Paths and URLs are not: a data set must not make its reader open files or
/// speak to the network unless the caller says so.
public struct ImageReferencePolicy: Sendable {
  /// Reads the file at a path, or throws `ImageError` of kind `unavailable`.
  public typealias Opening = @Sendable (_ reference: String) throws(ImageError) -> [UInt8]

  /// Opens paths and `file:` URLs, as they stand in the conversation; `nil` refuses them.
  public let path: Opening?
  /// Loads `http:` and `https:` URLs; `nil` refuses them.
  public let url: Opening?

  /// Data URIs only.
  public static let dataOnly = ImageReferencePolicy()

  /// A policy.
  ///
  /// - Parameters:
  ///   - path: Opens paths; by default they are refused.
  ///   - url: Loads http(s) URLs; by default they are refused.
  public init(path: Opening? = nil, url: Opening? = nil) {
    self.path = path
    self.url = url
  }

  /// The bytes that a source stands for.
  ///
  /// - Throws: `ImageError` of kind `unavailable` for references that may not be opened.
  public func bytes(of source: ImageSource) throws(ImageError) -> [UInt8] {
    switch source {
    case .bytes(let bytes): return bytes
    case .reference(let text):
      if let bytes = try DataURI.bytes(of: text) { return bytes }
      let scheme = Self.scheme(of: text)
      switch scheme {
      case "http", "https":
        guard let url else {
          throw ImageError(
            .unavailable, "'\(Self.shortened(text))' is not loaded: no loader for URLs was given")
        }
        return try url(text)
      case nil, "file":
        guard let path else {
          throw ImageError(
            .unavailable, "'\(Self.shortened(text))' is not opened: paths are not allowed here")
        }
        return try path(scheme == nil ? text : Self.pathOfFileURL(text))
      case let other?:
        throw ImageError(.unavailable, "URLs of the scheme '\(other)' are not loaded")
      }
    }
  }

  /// The scheme in lower case, if the text begins with one and `:`.
  private static func scheme(of text: String) -> String? {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = text[..<colon].lowercased()
    // One letter is a drive of Windows.
    guard name.utf8.count > 1,
      name.utf8.allSatisfy({
        (97...122).contains($0) || (48...57).contains($0) || [43, 45, 46].contains($0)
      })
    else { return nil }
    return name
  }

  private static func pathOfFileURL(_ text: String) -> String {
    let rest = text.dropFirst("file:".count)
    guard rest.hasPrefix("//") else { return String(rest) }
    let afterHost = rest.dropFirst(2).drop { $0 != "/" }
    return String(afterHost)
  }

  private static func shortened(_ text: String) -> String {
    text.count <= 120 ? text : "\(text.prefix(117))…"
  }
}
