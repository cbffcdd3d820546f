import TinkerData

/// Fetches images from the web, within limits: in size, in time, in redirects, and without reaching into
/// this machine or private networks.
public final class ImageLoader: Sendable {
  /// The limits.
  public struct Limits: Sendable, Hashable {
    /// The most bytes of an image.
    public var maximumBytes = 20 << 20
    /// The most time for an image, redirects included for each step.
    public var timeout = Duration.seconds(30)
    /// The most redirects.
    public var maximumRedirects = 5
    /// Whether addresses of this machine and of private networks are allowed.
    public var allowsPrivateAddresses = false

    /// The defaults.
    public init() {}
  }

  private let limits: Limits
  private let transport: any HTTPTransport

  /// A loader.
  ///
  /// - Parameters:
  ///   - limits: The limits.
  ///   - transport: Who carries requests; `nil` makes a ``CurlTransport``.
  /// - Throws: ``TransportError`` if the transport cannot be made.
  public init(
    limits: Limits = Limits(), transport: (any HTTPTransport)? = nil
  ) throws(TransportError) {
    self.limits = limits
    if let transport { self.transport = transport } else { self.transport = try CurlTransport() }
  }

  /// The bytes of an image.
  ///
  /// - Parameter url: An http or https address.
  /// - Returns: The bytes as they came; nothing looks at them here.
  /// - Throws: `ImageError` with the reason.
  public func load(_ url: String) async throws -> [UInt8] {
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
      throw ImageError(
        .unavailable, "only http and https addresses are fetched, not \(url.prefix(40))")
    }
    var request = HTTPRequest(method: "GET", url: url)
    request.timeout = limits.timeout
    request.maximumBodyBytes = limits.maximumBytes
    request.isPublicOnly = !limits.allowsPrivateAddresses
    request.headers = [
      .init("User-Agent", APIConnection.userAgent), .init("Accept", "image/png, image/jpeg"),
    ]
    do {
      let response = try await transport.send(
        request, followingRedirects: limits.maximumRedirects, headersForOthers: request.headers)
      guard response.status == 200 else {
        throw ImageError(.unavailable, "\(request) was answered \(response.status)")
      }
      return response.body
    } catch let error as TransportError {
      throw ImageError(error.kind == .tooLarge ? .tooLarge : .unavailable, error.description)
    }
  }
}
