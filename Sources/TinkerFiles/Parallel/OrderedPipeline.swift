internal import Dispatch
internal import Synchronization

/// Work on many threads whose results come back in order.
///
/// The calling thread makes the inputs and takes the results, so reading and writing need no locks;
/// a fixed number of threads transforms. At most a few inputs a thread are under way at once: when
/// results are taken slowly, inputs are made slowly, and memory stays constant.
public enum OrderedPipeline {
  /// Inputs under way for each thread. Two keep a thread busy while its last result waits.
  private static let inputsPerWorker = 2

  /// Runs until `produce` returns `nil` and every result is consumed, or one of the two throws.
  ///
  /// - Parameters:
  ///   - workers: The number of threads, at least 1.
  ///   - produce: Makes the next input, on the calling thread; `nil` ends the work.
  ///   - makeTransform: Called once on each thread; its result, and all state that it holds, belong
  ///     to that thread alone.
  ///   - consume: Takes the results in the order of the inputs, on the calling thread.
  /// - Throws: what `produce` or `consume` throws, after every thread has stopped.
  public static func run<Input: Sendable, Output: Sendable, Failure: Error>(
    workers: Int,
    produce: () throws(Failure) -> Input?,
    makeTransform: @escaping @Sendable () -> (Input) -> Output,
    consume: (Output) throws(Failure) -> Void
  ) throws(Failure) {
    let exchange = Exchange<Input, Output>()
    var started = 0
    for _ in 0..<max(workers, 1) {
      let hasThread = WorkerThread.startDetached {
        exchange.work(makeTransform())
      }
      if hasThread { started += 1 }
    }
    // A system without a single thread to spare still gets its work done.
    let local = started == 0 ? makeTransform() : nil
    defer { exchange.stop(workers: started) }
    var submitted = 0
    var consumed = 0
    var isDone = false
    while true {
      while !isDone, submitted - consumed < max(started, 1) * Self.inputsPerWorker {
        guard let input = try produce() else {
          isDone = true
          break
        }
        if let local {
          try consume(local(input))
          submitted += 1
          consumed += 1
        } else {
          exchange.submit(input, number: submitted)
          submitted += 1
        }
      }
      if consumed == submitted { return }
      try consume(exchange.result(number: consumed))
      consumed += 1
    }
  }
}

/// Where inputs wait for threads and results wait for their turn.
private final class Exchange<Input: Sendable, Output: Sendable>: Sendable {
  private struct State: Sendable {
    var inputs: [(number: Int, input: Input)] = []
    var outputs: [Int: Output] = [:]
    var isStopped = false
  }

  private let state = Mutex(State())
  /// Counts waiting inputs, and one for each thread at the end.
  private let available = DispatchSemaphore(value: 0)
  /// Counts results, each once.
  private let finished = DispatchSemaphore(value: 0)
  /// Counts threads that have stopped.
  private let stopped = DispatchSemaphore(value: 0)

  func submit(_ input: Input, number: Int) {
    state.withLock { $0.inputs.append((number, input)) }
    available.signal()
  }

  func result(number: Int) -> Output {
    while true {
      if let output = state.withLock({ $0.outputs.removeValue(forKey: number) }) { return output }
      finished.wait()
    }
  }

  func work(_ transform: (Input) -> Output) {
    while true {
      available.wait()
      let next = state.withLock { state in
        state.isStopped || state.inputs.isEmpty ? nil : state.inputs.removeFirst()
      }
      guard let next else { break }
      let output = transform(next.input)
      state.withLock { $0.outputs[next.number] = output }
      finished.signal()
    }
    stopped.signal()
  }

  /// Ends the threads and waits for them: none outlives the call that started it.
  func stop(workers: Int) {
    state.withLock { $0.isStopped = true }
    for _ in 0..<workers { available.signal() }
    for _ in 0..<workers { stopped.wait() }
  }
}
