import TinkerJSON
import TinkerWire

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A Hugging Face-style model hub and its local cache, laid out as `huggingface_hub` lays it, so that both
/// use the same files.
public final class ModelHub: Sendable {
  /// The address that is used if the environment gives none.
  public static let defaultEndpoint = "https://huggingface.co"
  /// What rendering and parsing need of a model.
  public static let tokenizerFiles = [
    "tokenizer.json", "tokenizer_config.json", "config.json", "generation_config.json",
    "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
    "chat_template.jinja", "chat_template.json", "preprocessor_config.json",
    "processor_config.json",
  ]
  private static let redirects = 5
  private static let retries = 3
  private static let downloadTimeout = Duration.seconds(24 * 3600)

  /// The files of a model at one commit.
  public struct Snapshot: Sendable, Hashable {
    /// The folder with the files.
    public var path: String
    /// The commit.
    public var commit: String
    /// The files that are there, by their names in the model.
    public var files: [String]
  }

  /// How far a download is.
  public struct Progress: Sendable, Hashable {
    /// The file.
    public var file: String
    /// The bytes that are there.
    public var byteCount: Int
    /// All bytes of the file, if the hub tells.
    public var totalByteCount: Int?
  }

  /// Where the cache lies.
  public let cacheFolder: String
  private let endpoint: String
  private let token: Credentialed?
  private let isOffline: Bool
  private let transport: any HTTPTransport
  private let time: Timekeeper

  /// A secret that no description shows.
  private struct Credentialed: Sendable, CustomStringConvertible {
    let secret: String
    let description = "token"
  }

  /// A hub as the environment says: `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_CACHE`, `HF_HOME`,
  /// `HF_HUB_OFFLINE`.
  ///
  /// - Parameters:
  ///   - environment: The variables.
  ///   - transport: Who carries requests; `nil` makes a ``CurlTransport``.
  /// - Throws: ``TransportError`` if the transport cannot be made.
  public convenience init(
    environment: Environment = .process, transport: (any HTTPTransport)? = nil
  ) throws {
    try self.init(environment: environment, transport: transport, time: .system)
  }

  package init(
    environment: Environment, transport: (any HTTPTransport)?, time: Timekeeper
  ) throws {
    let home = environment["HOME"] ?? "."
    let folder =
      environment["HF_HOME"] ?? (environment["XDG_CACHE_HOME"] ?? home + "/.cache") + "/huggingface"
    cacheFolder = environment["HF_HUB_CACHE"] ?? folder + "/hub"
    var endpoint = environment["HF_ENDPOINT"] ?? Self.defaultEndpoint
    while endpoint.hasSuffix("/") { endpoint.removeLast() }
    self.endpoint = endpoint
    let stored = Files.text(environment["HF_TOKEN_PATH"] ?? folder + "/token")?
      .split(whereSeparator: \.isWhitespace).first
    token = (environment["HF_TOKEN"] ?? stored.map(String.init)).map(Credentialed.init)
    isOffline = ["1", "true", "yes", "on"].contains(
      environment["HF_HUB_OFFLINE"]?.lowercased() ?? "")
    self.transport = try transport ?? CurlTransport()
    self.time = time
  }

  /// The files of a model that are in the cache, or `nil` if none are. Sends nothing.
  public func cachedSnapshot(_ model: String, revision: String = "main") -> Snapshot? {
    guard let folder = try? folder(of: model) else { return nil }
    let commit = Files.text("\(folder)/refs/\(revision)") ?? revision
    let path = "\(folder)/snapshots/\(commit)"
    guard (try? Files.checkRelative(commit)) != nil, Files.exists(path) else { return nil }
    return Snapshot(path: path, commit: commit, files: Self.list(path))
  }

  /// Downloads files of a model into the cache, unless they are there.
  ///
  /// A download that broke off goes on where it stopped; a file of another version is never mixed in,
  /// because versions have places of their own.
  ///
  /// - Parameters:
  ///   - model: The model's name, `organization/name`.
  ///   - revision: A branch, tag or commit.
  ///   - files: The files that are wanted; those that the model lacks are left out. By default
  ///     ``tokenizerFiles``.
  ///   - progress: Told how far it is, on a thread of the transport.
  /// - Returns: The files.
  /// - Throws: ``ClientError``; offline, for a model that is not in the cache.
  public func download(
    _ model: String, revision: String = "main", files: [String] = ModelHub.tokenizerFiles,
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> Snapshot {
    if isOffline {
      guard let cached = cachedSnapshot(model, revision: revision) else {
        throw ClientError.file("\(model) is not in \(cacheFolder), and HF_HUB_OFFLINE is set")
      }
      return cached
    }
    let folder = try folder(of: model)
    let info = try await info(model, revision)
    guard let commit = info["sha"]?.text, (try? Files.checkRelative(commit)) != nil,
      !commit.contains("/")
    else { throw ClientError.unexpectedReply("the hub tells no commit of \(model)") }
    let there = (info["siblings"]?.array ?? []).compactMap { $0["rfilename"]?.text }
    let snapshot = "\(folder)/snapshots/\(commit)"
    let wanted = files.filter(there.contains)
    guard !wanted.isEmpty else {
      throw ClientError.file("\(model) has none of the files \(files.joined(separator: ", "))")
    }
    for file in wanted {
      try Files.checkRelative(file)
      if !Files.exists("\(snapshot)/\(file)") {
        try await fetch(file, of: model, commit, in: folder, progress)
      }
    }
    if revision != commit {
      try Files.checkRelative(revision)
      let reference = "\(folder)/refs/\(revision)"
      try Files.createFolder(Self.parent(reference))
      try Self.write(commit, to: reference)
    }
    return Snapshot(path: snapshot, commit: commit, files: wanted)
  }

  // MARK: One file

  private func fetch(
    _ file: String, of model: String, _ commit: String, in folder: String,
    _ progress: @escaping @Sendable (Progress) -> Void
  ) async throws {
    let path = file.split(separator: "/").map { Route.escape(String($0)) }.joined(separator: "/")
    let url = "\(endpoint)/\(model)/resolve/\(Route.escape(commit))/\(path)"
    let head = try await head(of: url)
    let tag = (head.headers["x-linked-etag"] ?? head.headers["etag"] ?? "")
      .replacingPrefix("W/").filter { $0 != "\"" }
    try Files.checkRelative(tag)
    guard !tag.contains("/") else { throw ClientError.unexpectedReply("the hub's tag is \(tag)") }
    let size = (head.headers["x-linked-size"] ?? head.headers["content-length"]).flatMap {
      Int($0)
    }
    let blob = "\(folder)/blobs/\(tag)"
    try Files.createFolder("\(folder)/blobs")
    if !Files.exists(blob) {
      let download = try DownloadFile(path: blob)
      try await fill(download, from: url, size: size) { count in
        progress(Progress(file: file, byteCount: count, totalByteCount: size))
      }
      if let size, download.byteCount != size {
        throw ClientError.unexpectedReply(
          "\(file) has \(download.byteCount) bytes, not \(size); the rest is fetched next time")
      }
      try download.finish()
    }
    let place = "\(folder)/snapshots/\(commit)/\(file)"
    try Files.createFolder(Self.parent(place))
    let up = String(repeating: "../", count: file.split(separator: "/").count + 1)
    guard unsafe symlink("\(up)blobs/\(tag)", place) == 0 || errno == EEXIST else {
      throw ClientError.file("\(place) cannot be linked (error \(errno))")
    }
  }

  /// The headers that tell about a file itself: those of a redirect to another host, where large files
  /// lie, or those at the end of redirects inside the hub.
  private func head(of url: String) async throws -> HTTPHead {
    var url = url
    for _ in 0..<Self.redirects {
      let head = try await send("HEAD", url, followsRedirects: false).head
      guard (300..<400).contains(head.status), head.headers["x-linked-etag"] == nil,
        let target = head.redirectURL, Origin(target) == Origin(url)
      else { return head }
      url = target
    }
    throw ClientError.unexpectedReply("the hub redirects too often")
  }

  private func fill(
    _ file: DownloadFile, from url: String, size: Int?,
    _ progress: @escaping @Sendable (Int) -> Void
  ) async throws {
    var retry = 0
    while true {
      if let size, file.byteCount == size, size > 0 { return }
      if let size, file.byteCount > size { try file.truncate() }
      let offset = file.byteCount
      do {
        let response = try await send(
          "GET", url, range: offset > 0 ? "bytes=\(offset)-" : nil,
          receive: { head, bytes in
            guard (200..<300).contains(head.status) else { return }
            // A server that does not know ranges begins anew.
            if head.status == 200, offset > 0, file.byteCount == offset { try file.truncate() }
            try file.append(bytes)
            progress(file.byteCount)
          })
        if response.status == 416 {
          try file.truncate()
          continue
        }
        return
      } catch let error where RetryRules.isPassing(error) && retry < Self.retries {
        try await time.sleep(RetryRules.outerPause(after: error, retry: retry))
        retry += 1
      }
    }
  }

  private func info(_ model: String, _ revision: String) async throws -> JSONValue {
    let url = "\(endpoint)/api/models/\(model)/revision/\(Route.escape(revision))"
    var retry = 0
    while true {
      do {
        let response = try await send("GET", url)
        guard let json = try? JSONValue.parse(response.body) else {
          throw ClientError.unexpectedReply("the hub did not answer with JSON")
        }
        return json
      } catch let error where RetryRules.isPassing(error) && retry < Self.retries {
        try await time.sleep(RetryRules.outerPause(after: error, retry: retry))
        retry += 1
      }
    }
  }

  /// Sends a request; the token goes to the hub alone.
  private func send(
    _ method: String, _ url: String, range: String? = nil, followsRedirects: Bool = true,
    receive: (@Sendable (HTTPHead, [UInt8]) throws -> Void)? = nil
  ) async throws -> HTTPResponse {
    var request = HTTPRequest(method: method, url: url)
    request.timeout = Self.downloadTimeout
    request.headers = [.init("User-Agent", APIConnection.userAgent)]
    // The bytes on the wire are those of the file: compressed answers could not be gone on with.
    request.headers.append(.init("Accept-Encoding", "identity"))
    if let range { request.headers.append(.init("Range", range)) }
    let open = request.headers
    if let token { request.headers.append(.init("Authorization", "Bearer \(token.secret)")) }
    let response: HTTPResponse
    do {
      response = try await transport.send(
        request, followingRedirects: followsRedirects ? Self.redirects : 0,
        headersForOthers: open, receive: receive)
    } catch let error as TransportError {
      throw ClientError.transport(error)
    }
    let isFine = (200..<300).contains(response.status)
    guard isFine || (300..<400).contains(response.status) || response.status == 416 else {
      throw ClientError.status(
        StatusError(response, request: request.description, now: WallClock.now))
    }
    return response
  }

  // MARK: Places

  private func folder(of model: String) throws(ClientError) -> String {
    let parts = model.split(separator: "/", omittingEmptySubsequences: false)
    try Files.checkRelative(model)
    guard parts.count <= 2, model.utf8.allSatisfy({ Self.isName($0) }) else {
      throw .file("“\(model)” is not the name of a model")
    }
    return cacheFolder + "/models--" + parts.joined(separator: "--")
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: "/"):
      true
    default: false
    }
  }

  private static func parent(_ path: String) -> String {
    String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
  }

  private static func write(_ text: String, to path: String) throws(ClientError) {
    let beside = path + ".new"
    guard let file = unsafe fopen(beside, "wb") else {
      throw .file("\(path) cannot be written (error \(errno))")
    }
    let bytes = Array(text.utf8)
    // The count is the array's own.
    let count = unsafe fwrite(bytes, 1, bytes.count, file)
    guard unsafe fclose(file) == 0, count == bytes.count, unsafe rename(beside, path) == 0 else {
      throw .file("\(path) cannot be written (error \(errno))")
    }
  }

  /// The files below a folder, by their relative paths.
  private static func list(_ folder: String, _ prefix: String = "") -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var out: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          unsafe String(cString: $0)
        }
      }
      guard name != ".", name != ".." else { continue }
      let inner = list("\(folder)/\(name)", "\(prefix)\(name)/")
      out += inner.isEmpty ? [prefix + name] : inner
    }
    return out.sorted()
  }
}

extension String {
  /// The text without a beginning, if it has it.
  fileprivate func replacingPrefix(_ prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
