#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Floats at a fixed address that vectors like.
///
/// A buffer is not `Sendable`: it belongs to one engine, whose actor is the only one to touch it. Inside
/// one kernel call the engine's own threads write disjoint parts of it.
@safe package final class FloatBuffer {
  /// The number of floats.
  package let count: Int

  /// The floats; valid for `count` elements as long as the buffer lives.
  @unsafe let base: UnsafeMutablePointer<Float>

  /// Allocates `count` zeros, aligned to a cache line.
  package init(count: Int) {
    precondition(count >= 0)
    self.count = count
    let bytes = (max(count, 1) * MemoryLayout<Float>.stride + 63) / 64 * 64
    var address: UnsafeMutableRawPointer?
    let status = unsafe posix_memalign(&address, 64, bytes)
    guard status == 0, let address = unsafe address else {
      preconditionFailure("out of memory: \(bytes) bytes")
    }
    unsafe memset(address, 0, bytes)
    unsafe base = address.bindMemory(to: Float.self, capacity: count)
  }

  /// Allocates a copy of values.
  package convenience init(_ values: [Float]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { self[index] = value }
  }

  deinit { unsafe free(base) }

  /// One float.
  package subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count)
      return unsafe base[index]
    }
    set {
      precondition(index >= 0 && index < count)
      unsafe base[index] = newValue
    }
  }

  /// Sets all floats to zero.
  package func clear() {
    unsafe base.update(repeating: 0, count: count)
  }

  /// Copies all floats of another buffer of the same size.
  package func copy(from other: FloatBuffer) {
    precondition(count == other.count)
    unsafe base.update(from: other.base, count: count)
  }

  /// The floats as an array.
  package var values: [Float] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }
}
