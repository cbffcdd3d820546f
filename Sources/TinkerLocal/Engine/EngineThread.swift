internal import Dispatch
import Synchronization
internal import TinkerFiles

/// The thread on which an engine computes.
///
/// A pass may take minutes. On a thread of the task pool it would stop everybody else's tasks, a server's
/// connections among them, on a machine with few cores.
final class EngineThread: SerialExecutor {
  /// What waits for the thread. The thread holds this and not the executor, so that the end of the executor
  /// can end the thread.
  private final class Mailbox: Sendable {
    private struct Contents {
      var jobs: [@Sendable () -> Void] = []
      var isClosed = false
    }

    private let contents = Mutex(Contents())
    private let arrivals = DispatchSemaphore(value: 0)

    func add(_ job: @escaping @Sendable () -> Void) {
      contents.withLock { $0.jobs.append(job) }
      arrivals.signal()
    }

    func close() {
      contents.withLock { $0.isClosed = true }
      arrivals.signal()
    }

    /// Runs what arrives until the mailbox is closed. Nothing is left then: a job holds its actor, and so the
    /// executor.
    func serve() {
      while true {
        arrivals.wait()
        let (jobs, isClosed) = contents.withLock { contents in
          defer { contents.jobs = [] }
          return (contents.jobs, contents.isClosed)
        }
        for job in jobs { job() }
        if isClosed { return }
      }
    }
  }

  private let mailbox = Mailbox()

  init() {
    let mailbox = mailbox
    if !WorkerThread.startDetached({ mailbox.serve() }) {
      // A system that has no thread to give still has those of the task pool.
      DispatchQueue.global().async { mailbox.serve() }
    }
  }

  deinit { mailbox.close() }

  func enqueue(_ job: UnownedJob) {
    let executor = unsafe asUnownedSerialExecutor()
    mailbox.add { unsafe job.runSynchronously(on: executor) }
  }
}
