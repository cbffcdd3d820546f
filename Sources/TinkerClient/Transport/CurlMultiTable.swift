import CCurl

/// The multi handle with its transfers. Everything but waking happens on one thread.
///
/// Pointers: the multi handle lives as long as this value; an easy handle lives in its `CurlTransfer`,
/// which stays in `transfers` from the moment its handle is added until after it is removed.
@safe struct CurlMultiTable: ~Copyable {
  /// Easy handles that are kept for later transfers.
  private static let keptHandles = 64
  /// How long the thread sleeps when nothing happens, in milliseconds.
  private static let sleep: Int32 = 1000

  /// The multi handle for other threads. They call it under the mailbox's lock, from which it is removed
  /// before the handle dies, so it is never used after.
  struct WakeHandle: Sendable {
    fileprivate let address: UInt

    func wake() { unsafe tk_curl_multi_wakeup(UnsafeMutableRawPointer(bitPattern: address)) }
  }

  private let multi: UnsafeMutableRawPointer?
  private var transfers: [UInt64: CurlTransfer] = [:]
  private var idle: [CurlEasyBuffer] = []

  init() {
    unsafe multi = tk_curl_multi_init()
    unsafe tk_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    // Long polls over HTTP/1.1 hold a connection each; closing them after each poll would cost more.
    unsafe tk_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 4096)
  }

  deinit { unsafe tk_curl_multi_cleanup(multi) }

  var wakeHandle: WakeHandle? { unsafe multi.map { WakeHandle(address: UInt(bitPattern: $0)) } }

  /// Begins a transfer.
  mutating func start(_ id: UInt64, _ request: HTTPRequest, _ completion: CurlCompletion) {
    guard let easy = idle.popLast() ?? CurlEasyBuffer() else {
      completion.finish(.failure(TransportError(.connection, "libcurl is out of memory")))
      return
    }
    let transfer = CurlTransfer(id: id, easy: easy, completion: completion)
    if let error = transfer.prepare(request) {
      completion.finish(.failure(error))
      return
    }
    guard unsafe tk_curl_multi_add_handle(multi, easy.handle) == CURLM_OK else {
      completion.finish(.failure(TransportError(.connection, "libcurl refuses the transfer")))
      return
    }
    transfers[id] = transfer
  }

  /// Ends a transfer that may be under way.
  mutating func end(_ id: UInt64, with outcome: Result<HTTPResponse, any Error>) {
    guard let transfer = transfers.removeValue(forKey: id) else { return }
    unsafe tk_curl_multi_remove_handle(multi, transfer.easy.handle)
    transfer.easy.reset()
    if idle.count < Self.keptHandles { idle.append(transfer.easy) }
    transfer.completion.finish(outcome)
  }

  /// Ends every transfer.
  mutating func endAll(with error: TransportError) {
    for id in Array(transfers.keys) { end(id, with: .failure(error)) }
    idle = []
  }

  /// Moves transfers on, ends those that are done, and sleeps until something happens.
  mutating func work() {
    var running: Int32 = 0
    unsafe tk_curl_multi_perform(multi, &running)
    var left: Int32 = 0
    while let message = unsafe tk_curl_multi_info_read(multi, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
      let result = unsafe tk_curl_message_result(message)
      guard let id = unsafe CurlTransfer.id(of: message.pointee.easy_handle) else { continue }
      guard let transfer = transfers[id] else { continue }
      end(id, with: transfer.outcome(of: result))
    }
    unsafe tk_curl_multi_poll(multi, Self.sleep)
  }
}
