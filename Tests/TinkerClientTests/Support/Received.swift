import Synchronization

/// Bytes that come on another thread.
final class Received: Sendable {
  private let state = Mutex<[UInt8]>([])
  var bytes: [UInt8] { state.withLock { $0 } }
  func append(_ bytes: [UInt8]) { state.withLock { $0 += bytes } }
}
