import CCurl
import Synchronization

/// The transport over libcurl: one multi handle on a thread of its own carries every request, with
/// HTTP/2 where the server offers it over TLS, connections kept alive, and compressed responses.
///
/// Certificates are always verified.
public final class CurlTransport: HTTPTransport {
  /// What is told to the thread.
  enum Command: Sendable {
    case start(UInt64, HTTPRequest, CurlCompletion)
    case cancel(UInt64)
  }

  private let loop: CurlLoop
  private let nextID = Atomic<UInt64>(0)

  /// A transport with a thread of its own, which ends with the transport.
  ///
  /// - Throws: ``TransportError`` if libcurl cannot be set up or the thread cannot be started.
  public init() throws(TransportError) {
    loop = CurlLoop()
    try loop.start()
  }

  deinit { loop.stop() }

  /// Carries one request.
  public func send(
    _ request: HTTPRequest, receive: (@Sendable (HTTPHead, [UInt8]) throws -> Void)?
  ) async throws -> HTTPResponse {
    try Task.checkCancellation()
    let id = nextID.add(1, ordering: .relaxed).newValue
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        loop.tell(
          .start(
            id, request,
            CurlCompletion(receive: receive, finish: { continuation.resume(with: $0) })))
      }
    } onCancel: {
      loop.tell(.cancel(id))
    }
  }
}

/// Who gets the answer of a transfer.
struct CurlCompletion: Sendable {
  let receive: (@Sendable (HTTPHead, [UInt8]) throws -> Void)?
  let finish: @Sendable (Result<HTTPResponse, any Error>) -> Void
}
