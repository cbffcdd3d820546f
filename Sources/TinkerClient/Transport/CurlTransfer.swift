import CCurl

/// A request under way, on the thread of its loop.
final class CurlTransfer {
  let id: UInt64
  let easy: CurlEasyBuffer
  let completion: CurlCompletion

  private var request = HTTPRequest(method: "GET", url: "")
  private var headers: [String: String] = [:]
  private var body: [UInt8] = []
  private var received = 0
  private var head: HTTPHead?
  private var failure: (any Error)?

  init(id: UInt64, easy: CurlEasyBuffer, completion: CurlCompletion) {
    self.id = id
    self.easy = easy
    self.completion = completion
  }

  /// The transfer behind a handle.
  static func id(of handle: UnsafeMutableRawPointer?) -> UInt64? {
    var context: UnsafeMutableRawPointer?
    unsafe tk_curl_get_pointer(handle, CURLINFO_PRIVATE, &context)
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().id
  }

  /// Tells libcurl all about a request.
  ///
  /// - Returns: What is wrong with it, or `nil`.
  func prepare(_ request: HTTPRequest) -> TransportError? {
    self.request = request
    guard request.url.hasPrefix("http://") || request.url.hasPrefix("https://") else {
      return TransportError(.badURL, "\(request) is not an http address")
    }
    let lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    guard lines.allSatisfy({ line in line.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else {
      return TransportError(.badURL, "\(request): a header holds a control character")
    }
    easy.setPrivate(self)
    easy.set(CURLOPT_URL, request.url)
    easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
    easy.set(CURLOPT_NOSIGNAL, 1)
    easy.set(CURLOPT_FOLLOWLOCATION, 0)
    easy.set(CURLOPT_SSL_VERIFYPEER, 1)
    easy.set(CURLOPT_SSL_VERIFYHOST, 2)
    easy.set(CURLOPT_ACCEPT_ENCODING, "")
    easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    if request.url.hasPrefix("https://") { easy.set(CURLOPT_PIPEWAIT, 1) }
    if request.needsFreshConnection { easy.set(CURLOPT_FRESH_CONNECT, 1) }
    easy.set(CURLOPT_TCP_KEEPALIVE, 1)
    // Thousands of transfers are under way at once; only downloads gain from large buffers.
    easy.set(CURLOPT_BUFFERSIZE, completion.receive == nil ? 1024 : 65536)
    easy.set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
    easy.set(CURLOPT_TIMEOUT_MS, request.timeout.milliseconds)
    if let silence = request.silenceTimeout {
      easy.set(CURLOPT_LOW_SPEED_LIMIT, 1)
      easy.set(CURLOPT_LOW_SPEED_TIME, max(1, silence.milliseconds / 1000))
    }
    if request.isPublicOnly {
      easy.set(CURLOPT_PROXY, "")
      easy.refusePrivateAddresses()
    }
    if let body = request.body { easy.setBody(body) }
    if request.method == "HEAD" {
      easy.set(CURLOPT_NOBODY, 1)
    } else if request.method != "GET" || request.body != nil {
      easy.set(CURLOPT_CUSTOMREQUEST, request.method)
    }
    // `Expect: 100-continue` would cost a round trip for each large body.
    easy.setHeaders(lines + ["Expect:"])
    unsafe easy.setCallback(
      CURLOPT_HEADERFUNCTION, context: CURLOPT_HEADERDATA,
      { bytes, size, count, context in
        unsafe CurlTransfer.called(context, bytes, size &* count) { unsafe $0.takeHeader($1) }
      }, self)
    unsafe easy.setCallback(
      CURLOPT_WRITEFUNCTION, context: CURLOPT_WRITEDATA,
      { bytes, size, count, context in
        unsafe CurlTransfer.called(context, bytes, size &* count) { unsafe $0.takeBody($1) }
      }, self)
    return nil
  }

  /// What the transfer came to.
  func outcome(of code: CURLcode) -> Result<HTTPResponse, any Error> {
    if let failure { return .failure(failure) }
    if code == CURLE_OK {
      return .success(HTTPResponse(head: head ?? makeHead(), body: body))
    }
    let reason = unsafe tk_curl_easy_strerror(code).map { unsafe String(cString: $0) } ?? "\(code)"
    let kind: TransportError.Kind =
      switch code {
      case CURLE_OPERATION_TIMEDOUT: .timeout
      case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
        .certificate
      case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .badURL
      case CURLE_COULDNT_CONNECT where request.isPublicOnly: .privateAddress
      default: .connection
      }
    return .failure(TransportError(kind, "\(request): \(reason)"))
  }

  /// Calls a method of the transfer behind a context with bytes that libcurl lends for the call.
  private static func called(
    _ context: UnsafeMutableRawPointer?, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
    _ take: (CurlTransfer, UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    return unsafe take(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
  }

  private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let line = unsafe String(decoding: bytes, as: UTF8.self)
    // A new status line begins a new head: a proxy's, or after 100.
    if line.hasPrefix("HTTP/") {
      headers = [:]
      return true
    }
    guard let colon = line.firstIndex(of: ":") else { return true }
    let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    let end = value.lastIndex { !$0.isWhitespace }
    headers[line[..<colon].lowercased()] = end.map { String(value[...$0]) } ?? ""
    return true
  }

  private func makeHead() -> HTTPHead {
    HTTPHead(status: easy.status, headers: headers, redirectURL: easy.redirectURL)
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    received += bytes.count
    guard received <= request.maximumBodyBytes else {
      failure = TransportError(
        .tooLarge, "\(request): the answer has more than \(request.maximumBodyBytes) bytes")
      return false
    }
    guard let receive = completion.receive else {
      unsafe body.append(contentsOf: bytes)
      return true
    }
    let head = self.head ?? makeHead()
    self.head = head
    do {
      unsafe try receive(head, Array(bytes))
      return true
    } catch {
      failure = error
      return false
    }
  }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int {
    let (seconds, attoseconds) = components
    return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
  }

  /// Seconds with their fraction.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
