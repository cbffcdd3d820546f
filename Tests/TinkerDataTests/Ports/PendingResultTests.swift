import Synchronization
import TinkerData
import Testing

@Suite struct PendingResultTests {
  private struct Broken: Error {}

  @Test func awaitingTwiceIsFree() async throws {
    let pending = PendingResult<Int>()
    async let first = pending.value
    async let second = pending.value
    pending.markSubmitted()
    try await pending.submitted
    #expect(!pending.isComplete)
    #expect(pending.complete(with: .success(7)))
    #expect(!pending.complete(with: .success(8)))
    #expect(try await first == 7)
    #expect(try await second == 7)
    #expect(try await pending.value == 7)
  }

  @Test func failureReachesAllWaiters() async {
    let pending = PendingResult<Int>()
    let submission = Task { try await pending.submitted }
    pending.complete(with: .failure(Broken()))
    await #expect(throws: Broken.self) { try await pending.value }
    await #expect(throws: Broken.self) { try await submission.value }
  }

  @Test func timeLimitCancelsNothing() async throws {
    let pending = PendingResult<Int>(waitingFor: "its turn")
    let error = await #expect(throws: PendingResultTimeout.self) {
      try await pending.value(timeout: .milliseconds(1))
    }
    #expect(error?.description.contains("its turn") == true)
    pending.complete(with: .success(1))
    #expect(try await pending.value(timeout: .seconds(10)) == 1)
    #expect(pending.waitingFor == nil)
  }

  @Test func cancellingTheAwaitingTaskAbandons() async {
    let abandoned = Mutex(0)
    await withCheckedContinuation { done in
      let pending = PendingResult<Int>()
      pending.setCancellationHandler {
        abandoned.withLock { $0 += 1 }
        done.resume()
      }
      let task = Task { try await pending.value }
      task.cancel()
    }
    #expect(abandoned.withLock { $0 } == 1)
  }

  @Test func operationOfClosuresHasATimeLimitToo() async throws {
    let operation = TrainingOperation(submitted: {}, value: { 3 })
    #expect(try await operation.value(timeout: .seconds(10)) == 3)
    let slow = TrainingOperation<Int>(PendingResult())
    await #expect(throws: PendingResultTimeout.self) {
      try await slow.value(timeout: .milliseconds(1))
    }
    slow.cancel()
    await #expect(throws: CancellationError.self) { try await slow.value }
  }
}
