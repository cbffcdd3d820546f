import Synchronization
import Testing
import TinkerFiles

@Suite struct OrderedPipelineTests {
  private struct Stop: Error, Equatable { let at: Int }

  @Test(arguments: [1, 2, 7])
  func keepsOrder(workers: Int) {
    var next = 0
    var results: [Int] = []
    OrderedPipeline.run(
      workers: workers,
      produce: { () throws(Never) -> Int? in
        next += 1
        return next <= 1000 ? next : nil
      },
      makeTransform: {
        { input in
          // Uneven work, so that results come out of order.
          var value = input
          for _ in 0..<(input % 7) * 1000 { value = value &* 31 &+ 1 }
          return value == Int.min ? 0 : input * 2
        }
      },
      consume: { (output) throws(Never) in results.append(output) })
    #expect(results == (1...1000).map { $0 * 2 })
  }

  @Test func holdsBackInputsWhileResultsWait() {
    var produced = 0
    var consumed = 0
    var most = 0
    OrderedPipeline.run(
      workers: 3,
      produce: { () throws(Never) -> Int? in
        produced += 1
        most = max(most, produced - consumed)
        return produced <= 200 ? produced : nil
      },
      makeTransform: { { $0 } },
      consume: { (_: Int) throws(Never) in consumed += 1 })
    #expect(consumed == 200)
    #expect(most <= 7)
  }

  @Test func stopsWhenAResultIsRefused() {
    let transformed = Mutex(0)
    var next = 0
    do {
      try OrderedPipeline.run(
        workers: 2,
        produce: { () throws(Stop) -> Int? in
          next += 1
          return next
        },
        makeTransform: {
          { input in
            transformed.withLock { $0 += 1 }
            return input
          }
        },
        consume: { (output) throws(Stop) in if output == 50 { throw Stop(at: output) } })
      Issue.record("went on")
    } catch {
      #expect(error == Stop(at: 50))
    }
    let atEnd = transformed.withLock { $0 }
    #expect(atEnd <= 54, "nothing is transformed after the call has returned")
  }

  @Test func stopsWhenTheInputFails() {
    do {
      try OrderedPipeline.run(
        workers: 2, produce: { () throws(Stop) -> Int? in throw Stop(at: 1) },
        makeTransform: { { (input: Int) in input } }, consume: { (_) throws(Stop) in })
      Issue.record("went on")
    } catch {
      #expect(error == Stop(at: 1))
    }
  }

  @Test func givesEachThreadItsOwnState() {
    let made = Mutex(0)
    var next = 0
    OrderedPipeline.run(
      workers: 4,
      produce: { () throws(Never) -> Int? in
        next += 1
        return next <= 100 ? next : nil
      },
      makeTransform: {
        made.withLock { $0 += 1 }
        var count = 0
        return { (_: Int) in
          count += 1
          return count
        }
      },
      consume: { (_) throws(Never) in })
    #expect(made.withLock { $0 } <= 4)
  }

  @Test func batchesKeepTheirLines() {
    var batch = LineBatch()
    let short: [UInt8] = [1, 2]
    let empty: [UInt8] = []
    let long = [UInt8](repeating: 0, count: LineBatch.targetSize)
    batch.append(short.span, number: 3, record: 0)
    batch.append(empty.span, number: 5, record: 1)
    #expect(batch.count == 2)
    #expect(batch.byteCount == 2)
    let counts = [batch.line(at: 0).count, batch.line(at: 1).count]
    #expect(counts == [2, 0])
    #expect(batch.number(at: 1) == 5)
    #expect(batch.record(at: 1) == 1)
    #expect(!batch.isFull)
    batch.append(long.span, number: 6, record: 2)
    #expect(batch.isFull)
  }
}
