/// The methods of HTTP that the protocol uses.
package enum HTTPMethod: String, Sendable, Hashable {
  case get = "GET"
  case post = "POST"
  case put = "PUT"
  case delete = "DELETE"
}

/// An endpoint: a method and a path below `/api/v1/` with `{parameters}`.
package struct Route: Sendable, Hashable {
  /// The path that stands before every route.
  package static let prefix = "/api/v1/"

  /// The method.
  package let method: HTTPMethod
  /// The path below the prefix, a segment in braces for each parameter.
  package let template: String

  init(_ method: HTTPMethod, _ template: String) {
    self.method = method
    self.template = template
  }

  /// The path of a request, with the parameters in the order of the template.
  ///
  /// Colons of ids stay, everything else outside the unreserved characters is percent-encoded.
  package func path(_ parameters: String...) -> String {
    var rest = parameters[...]
    let segments = template.split(separator: "/").map { segment in
      segment.first == "{" ? Self.escape(rest.popFirst() ?? "") : String(segment)
    }
    return Self.prefix + segments.joined(separator: "/")
  }

  /// The parameters of a path of this route, decoded, or `nil` for a path of another one.
  package func parameters(of path: String) -> [String]? {
    guard path.hasPrefix(Self.prefix) else { return nil }
    let have = path.dropFirst(Self.prefix.count).split(
      separator: "/", omittingEmptySubsequences: false)
    let want = template.split(separator: "/")
    guard have.count == want.count else { return nil }
    var out: [String] = []
    for (have, want) in zip(have, want) {
      if want.first == "{" {
        guard !have.isEmpty, let value = Self.unescape(have) else { return nil }
        out.append(value)
      } else if have != want {
        return nil
      }
    }
    return out
  }

  /// Percent-encodes everything but unreserved characters and the colon.
  package static func escape(_ text: String) -> String {
    var out: [UInt8] = []
    for byte in text.utf8 {
      if isPlain(byte) {
        out.append(byte)
      } else {
        out.append(UInt8(ascii: "%"))
        out.append(digits[Int(byte >> 4)])
        out.append(digits[Int(byte & 15)])
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The text behind percent-encoding, or `nil` if it is broken.
  package static func unescape(_ text: some StringProtocol) -> String? {
    var out: [UInt8] = []
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        out.append(byte)
        continue
      }
      guard let high = bytes.popFirst().flatMap(value), let low = bytes.popFirst().flatMap(value)
      else { return nil }
      out.append(high << 4 | low)
    }
    return String(validating: out, as: UTF8.self)
  }

  private static let digits = Array("0123456789ABCDEF".utf8)

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: ":"):
      true
    default: false
    }
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
