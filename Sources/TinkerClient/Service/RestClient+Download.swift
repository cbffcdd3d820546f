import TinkerData
import TinkerWire

extension RestClient {
  /// Addresses that expire sooner than this are asked for again.
  private static let margin = 300
  private static let redirects = 5
  private static let downloadRetries = 5
  private static let downloadTimeout = Duration.seconds(24 * 3600)

  /// Downloads external weights.
  ///
  /// Files that are there are left alone, and a download that broke off goes on. The signed addresses get
  /// no credential of ours.
  ///
  /// - Parameters:
  ///   - path: The path of external weights, as ``TrainingClient/saveWeightsExternal(name:ttlSeconds:ageEncryptionRecipients:)``
  ///     gives it.
  ///   - folder: Where the files go; it is created if it is absent. A file whose name would lead out of
  ///     it is refused.
  ///   - progress: Told the file and the bytes that are there, on a thread of the transport.
  /// - Returns: The names of the files.
  /// - Throws: ``ClientError``.
  public func downloadExternalWeights(
    path: String, to folder: String,
    progress: @escaping @Sendable (String, Int) -> Void = { _, _ in }
  ) async throws -> [String] {
    var urls = try await getExternalWeightsURLs(path: path)
    let names = urls.urls.keys.sorted()
    for name in names { try Files.checkRelative(name) }
    for name in names where !Files.exists("\(folder)/\(name)") {
      let end = "\(folder)/\(name)".lastIndex(of: "/").map { "\(folder)/\(name)"[..<$0] }
      try Files.createFolder(end.map(String.init) ?? folder)
      let file = try DownloadFile(path: "\(folder)/\(name)")
      var retry = 0
      while true {
        if let end = WallClock.seconds(rfc3339: urls.expires), end - WallClock.now < Self.margin {
          urls = try await getExternalWeightsURLs(path: path)
        }
        guard let url = urls.urls[name] else {
          throw ClientError.unexpectedReply("\(name) is not among the external weights any more")
        }
        do {
          try await fetch(url, into: file) { progress(name, $0) }
          break
        } catch let error where RetryRules.isPassing(error) && retry < Self.downloadRetries {
          try await core.time.sleep(RetryRules.outerPause(after: error, retry: retry))
          retry += 1
        }
      }
      try file.finish()
    }
    return names
  }

  private func fetch(
    _ url: String, into file: DownloadFile, _ progress: @escaping @Sendable (Int) -> Void
  ) async throws {
    let offset = file.byteCount
    var request = HTTPRequest(method: "GET", url: url)
    request.timeout = Self.downloadTimeout
    request.headers = [
      .init("User-Agent", APIConnection.userAgent), .init("Accept-Encoding", "identity"),
    ]
    if offset > 0 { request.headers.append(.init("Range", "bytes=\(offset)-")) }
    do {
      let response = try await core.connected().connection.transport.send(
        request, followingRedirects: Self.redirects, headersForOthers: request.headers
      ) { head, bytes in
        guard (200..<300).contains(head.status) else { return }
        if head.status == 200, offset > 0, file.byteCount == offset { try file.truncate() }
        try file.append(bytes)
        progress(file.byteCount)
      }
      // The whole file was there already.
      if response.status == 416, offset > 0 { return }
      guard (200..<300).contains(response.status) else {
        throw ClientError.status(
          StatusError(response, request: request.description, now: WallClock.now))
      }
    } catch let error as TransportError { throw ClientError.transport(error) }
  }
}
