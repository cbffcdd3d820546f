#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A thread of the operating system.
package enum OwnThread {
  /// A thread's work, carried to it.
  private final class Box {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }

  /// Starts a detached thread.
  package static func start(_ work: @escaping @Sendable () -> Void) throws(TransportError) {
    let box = unsafe Unmanaged.passRetained(Box(work))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let code = unsafe pthread_create(
      &thread, nil,
      { context in
        #if canImport(Darwin)
          unsafe Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work()
        #else
          if let context = unsafe context {
            unsafe Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work()
          }
        #endif
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      unsafe box.release()
      throw TransportError(.connection, "no thread for the transport (error \(code))")
    }
    #if canImport(Darwin)
      if let thread = unsafe thread { unsafe pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
  }
}
