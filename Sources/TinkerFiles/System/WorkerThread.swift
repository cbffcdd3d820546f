#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A thread of the system with a stack that is large enough for deeply nested JSON everywhere.
package enum WorkerThread {
  /// 16 MiB of address space; pages are used only when touched.
  private static let stackSize = 16 << 20

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread that nobody waits for.
  ///
  /// - Returns: Whether the system had a thread to give.
  @discardableResult
  package static func startDetached(_ body: @escaping @Sendable () -> Void) -> Bool {
    // One value, made by `pthread_attr_init`, as the type has no initializer on every system.
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    unsafe pthread_attr_init(attributes)
    defer {
      unsafe pthread_attr_destroy(attributes)
      unsafe attributes.deallocate()
    }
    unsafe pthread_attr_setstacksize(attributes, stackSize)
    unsafe pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    // The thread takes the reference over; if there is no thread, it is given back below.
    let context = unsafe Unmanaged.passRetained(Body(body))
    let code = unsafe pthread_create(
      &thread, attributes,
      { context in
        unsafe WorkerThread.enter(context)
        return nil
      }, context.toOpaque())
    if code != 0 { unsafe context.release() }
    return code == 0
  }

  private static func enter(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
  }
}
