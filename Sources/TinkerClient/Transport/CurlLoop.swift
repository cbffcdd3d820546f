import CCurl
import Synchronization

/// The thread that owns the multi handle. Other threads put commands into its mailbox and wake it.
final class CurlLoop: Sendable {
  private struct Mailbox {
    var commands: [CurlTransport.Command] = []
    var isStopped = false
    /// The multi handle while the thread lives: waking it is the one call that is allowed from outside.
    var multi: CurlMultiTable.WakeHandle?
  }

  private let mailbox = Mutex(Mailbox())

  /// Starts the thread, which keeps this object alive until it is stopped.
  func start() throws(TransportError) {
    if let reason = unsafe tk_curl_load() {
      throw TransportError(.connection, unsafe String(cString: reason))
    }
    try OwnThread.start { self.run() }
  }

  /// Puts a command into the mailbox. After the end, transfers fail at once.
  func tell(_ command: CurlTransport.Command) {
    let isStopped = mailbox.withLock { mailbox in
      if !mailbox.isStopped {
        mailbox.commands.append(command)
        // Only the first command of a batch needs to wake the thread.
        if mailbox.commands.count == 1 { mailbox.multi?.wake() }
      }
      return mailbox.isStopped
    }
    if isStopped, case .start(_, _, let completion) = command {
      completion.finish(.failure(TransportError(.closed, "the transport is closed")))
    }
  }

  /// Ends the thread; transfers that are under way fail.
  func stop() {
    mailbox.withLock { mailbox in
      mailbox.isStopped = true
      mailbox.multi?.wake()
    }
  }

  private func run() {
    var table = CurlMultiTable()
    mailbox.withLock { $0.multi = table.wakeHandle }
    while true {
      let (commands, isStopped) = mailbox.withLock { mailbox in
        defer { mailbox.commands = [] }
        return (mailbox.commands, mailbox.isStopped)
      }
      for command in commands {
        switch command {
        case .start(let id, let request, let completion):
          table.start(id, request, completion)
        case .cancel(let id): table.end(id, with: .failure(CancellationError()))
        }
      }
      if isStopped { break }
      table.work()
    }
    mailbox.withLock { $0.multi = nil }
    table.endAll(with: TransportError(.closed, "the transport was closed"))
  }
}
