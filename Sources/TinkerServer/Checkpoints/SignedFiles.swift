import TinkerFiles
import TinkerLocal
import TinkerWire

/// The files of external weights under addresses that carry their own permission: a time and a signature.
struct SignedFiles: Sendable {
  static let prefix = "/files/"

  let store: CheckpointStore
  let secret: [UInt8]

  /// The addresses of the files of a checkpoint.
  func urls(
    of address: CheckpointStore.Address, in folder: String, host: String, until expires: Int
  ) -> ExternalWeightsURLs {
    var urls: [String: String] = [:]
    for name in FileSystem.names(in: folder) where Self.isServed(name) {
      let path = "\(address.run)/\(address.segment.rawValue)/\(address.name)/\(name)"
      let escaped = path.split(separator: "/").map { Route.escape(String($0)) }
        .joined(separator: "/")
      urls[name] =
        "http://\(host)\(Self.prefix)\(escaped)?expires=\(expires)"
        + "&signature=\(signature(path, expires))"
    }
    return ExternalWeightsURLs(urls: urls, expires: FileSystem.timestamp(expires))
  }

  /// Serves a file, or a part of it, to who has its address.
  func reply(to request: ServerRequest) throws -> ServerReply {
    let parts = request.path.dropFirst(Self.prefix.count)
      .split(separator: "/", omittingEmptySubsequences: false).map { Route.unescape($0) ?? "" }
    guard parts.count == 4, let expires = request.number("expires"),
      AccessRules.areEqual(
        request.query["signature"] ?? "", signature(parts.joined(separator: "/"), expires))
    else { throw Refusal(403, "the address is not signed by this server") }
    guard expires > Machine.now else { throw Refusal(403, "the address has expired") }
    guard parts[1] == CheckpointStore.Segment.external.rawValue, Self.isServed(parts[3]) else {
      throw Refusal(404, "there is no such file")
    }
    let address = try store.address(run: parts[0], segment: .external, name: parts[2])
    let path = store.folder(of: address) + "/" + parts[3]
    guard let size = Machine.fileSize(path) else { throw Refusal(404, "there is no such file") }
    var reply = ServerReply(
      headers: [("content-type", "application/octet-stream"), ("accept-ranges", "bytes")],
      content: .file(path: path, range: 0..<size))
    guard let asked = request.headers["range"] else { return reply }
    guard let range = Self.range(asked, size) else {
      var refusal = Refusal(416, "the file has \(size) bytes").reply
      refusal.headers.append(("content-range", "bytes */\(size)"))
      return refusal
    }
    reply.status = 206
    reply.content = .file(path: path, range: range)
    reply.headers.append(
      ("content-range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"))
    return reply
  }

  private static func isServed(_ name: String) -> Bool {
    !name.hasPrefix(".") && !name.hasPrefix(CheckpointNote.fileName)
  }

  /// One range of bytes, not empty.
  private static func range(_ text: String, _ size: Int) -> Range<Int>? {
    let prefix = "bytes="
    guard text.hasPrefix(prefix) else { return nil }
    let ends = text.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2 else { return nil }
    if ends[0].isEmpty {
      guard let count = Int(ends[1]), count > 0, size > 0 else { return nil }
      return max(0, size - count)..<size
    }
    guard let start = Int(ends[0]), start >= 0, start < size else { return nil }
    if ends[1].isEmpty { return start..<size }
    guard let end = Int(ends[1]), end >= start else { return nil }
    return start..<min(end, size - 1) + 1
  }

  private func signature(_ path: String, _ expires: Int) -> String {
    Self.hmac(secret, Array("\(path)\n\(expires)".utf8)).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }

  /// HMAC with SHA-256 (RFC 2104).
  static func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    let block = 64
    let short = key.count > block ? digest(key) : key
    let padded = short + [UInt8](repeating: 0, count: block - short.count)
    return digest(padded.map { $0 ^ 0x5C } + digest(padded.map { $0 ^ 0x36 } + message))
  }

  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes.span)
    return hash.finishBytes()
  }
}
