internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Removes unfinished output files when the user interrupts the program.
///
/// A program that writes files makes one of these before it starts any thread and hands it to each
/// ``OutputFile``. Interrupt, termination and hang-up are then received by a thread of their own,
/// outside of any signal handler: it removes what is unfinished and ends the process with 128 plus
/// the number of the signal, 130 for an interrupt.
public final class Interruption: Sendable {
  private let unfinished = Mutex<Set<String>>([])

  /// An interruption that nothing triggers; ``listen()`` connects it to the signals.
  public init() {}

  /// Receives the signals from now on. Call it once, before the process has other threads.
  ///
  /// - Parameter first: What is done at the first signal. It tells whether the work will stop by itself; then
  ///   only a second signal ends the process.
  public func listen(first: (@Sendable () -> Bool)? = nil) {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] where !Self.isIgnored(signal) {
      unsafe sigaddset(&signals, signal)
    }
    // Threads inherit the mask, so no other thread takes one of these signals.
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let waiting = signals
    WorkerThread.startDetached { [self] in
      var waiting = waiting
      var received: Int32 = 0
      while unsafe sigwait(&waiting, &received) != 0 {}
      if let first, first() {
        while unsafe sigwait(&waiting, &received) != 0 {}
      }
      unfinished.withLock { paths in
        for path in paths { unsafe unlink(path) }
        // Under the lock, so that no file is finished or begun between removal and end.
        _exit(128 + received)
      }
    }
  }

  /// Makes writing to a pipe that nobody reads an error, ``FileError/outputClosed``, rather than the
  /// death of the process. Call it once, early.
  public static func ignoreClosedPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// A shell that starts a job in the background, or `nohup`, asks for a signal to be ignored.
  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
      return unsafe unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
    #else
      return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    #endif
  }

  /// Notes a temporary file before it is made.
  func add(_ path: String) {
    unfinished.withLock { _ = $0.insert(path) }
  }

  /// Forgets a temporary file after `action` has finished or removed it.
  func remove<Result: Sendable>(_ path: String, after action: () -> Result) -> Result {
    unfinished.withLock { paths in
      let result = action()
      paths.remove(path)
      return result
    }
  }
}
