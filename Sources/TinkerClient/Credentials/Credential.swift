import TinkerData
import TinkerJSON

/// A secret that is sent to the service and appears in no description.
public struct Credential: Sendable, Hashable, CustomStringConvertible,
  CustomDebugStringConvertible, CustomReflectable
{
  /// The secret itself.
  let secret: String

  /// A credential.
  ///
  /// - Throws: ``ClientError`` for a text that is neither a key (`tml-…`) nor a token (`eyJ…`), and for
  ///   a token that has expired.
  public init(_ secret: String) throws {
    guard secret.hasPrefix("tml-") || secret.hasPrefix("eyJ") else {
      throw ClientError.configuration("the API key must start with the 'tml-' prefix")
    }
    self.secret = secret
    guard let expiry = claims?["exp"]?.double else { return }
    guard expiry > Double(WallClock.now) else {
      throw ClientError.configuration("the token has expired; get a new one")
    }
  }

  /// Whether it is a token with claims.
  var isToken: Bool { secret.hasPrefix("eyJ") }

  /// The claims of a token; the signature is not looked at.
  var claims: JSONValue? {
    let parts = secret.split(separator: ".", omittingEmptySubsequences: false)
    guard isToken, parts.count >= 2 else { return nil }
    let text = String(parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    return Base64.decode(text).flatMap { try? JSONValue.parse($0) }
  }

  /// The kind without the secret.
  public var description: String { isToken ? "token" : "API key" }

  /// The kind without the secret.
  public var debugDescription: String { description }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
