internal import CTinkerKernels

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A fixed set of threads that share numbered pieces of work.
///
/// Pieces write disjoint memory and every sum belongs to one piece, so results do not depend on the number
/// of threads. Waiting threads sleep.
@safe package final class WorkerPool {
  /// The number of threads, the caller's included.
  package let threads: Int
  /// Work below this many multiplications is done by the caller: waking a thread would cost more.
  package static let smallestShared = 1_000_000

  private let pool: OpaquePointer

  /// Starts the threads. The default is one for each active core, at most eight.
  package init(threads: Int? = nil) {
    let cores = max(1, min(8, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    self.threads = max(1, threads ?? cores)
    guard let pool = unsafe tk_pool_create(Int32(self.threads)) else {
      preconditionFailure("out of memory")
    }
    unsafe self.pool = pool
  }

  deinit { unsafe tk_pool_destroy(pool) }

  /// Calls `body(piece, worker)` once for each piece below `count` and returns when all are done.
  ///
  /// - Parameters:
  ///   - count: The number of pieces.
  ///   - cost: All the work in multiplications; little work stays on the calling thread.
  ///   - body: The work. `worker` is below ``threads`` and used by one thread at a time.
  package func run(_ count: Int, cost: Int, _ body: (_ piece: Int, _ worker: Int) -> Void) {
    if threads == 1 || count == 1 || cost < Self.smallestShared {
      for piece in 0..<count { body(piece, 0) }
      return
    }
    // The closure outlives no call: tk_pool_run returns only when every piece is done, and the pool's
    // lock orders what the threads wrote before what the caller reads.
    withoutActuallyEscaping(body) { body in
      var box = body
      unsafe withUnsafeMutablePointer(to: &box) { context in
        unsafe tk_pool_run(
          pool,
          { context, piece, worker in
            unsafe context.assumingMemoryBound(to: ((Int, Int) -> Void).self)
              .pointee(piece, Int(worker))
          }, context, count)
      }
    }
  }

  /// Calls `body(rows, worker)` for blocks of rows that cover `0..<rows`.
  package func runRows(
    _ rows: Int, block: Int, cost: Int, _ body: (_ rows: Range<Int>, _ worker: Int) -> Void
  ) {
    run((rows + block - 1) / block, cost: cost) { piece, worker in
      body(piece * block..<min(rows, (piece + 1) * block), worker)
    }
  }
}
