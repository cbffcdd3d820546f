#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

// The two calls that hand memory to the system. Both stay inside the buffer that the closure is
// given: the start is checked here, and the count is what is left of the buffer.
extension Descriptor {
  /// Reads into `buffer` from index `start` on.
  ///
  /// - Returns: The number of bytes read; 0 at the end of the file.
  func read(into buffer: inout [UInt8], from start: Int, path: String) throws(FileError) -> Int {
    guard start >= 0, start < buffer.count else { return 0 }
    let descriptor = number
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { memory in
        guard let base = memory.baseAddress else { return 0 }
        #if canImport(Glibc)
          return unsafe Glibc.read(descriptor, base + start, memory.count - start)
        #elseif canImport(Musl)
          return unsafe Musl.read(descriptor, base + start, memory.count - start)
        #else
          return unsafe Darwin.read(descriptor, base + start, memory.count - start)
        #endif
      }
      if count >= 0 { return count }
      if !Platform.wasInterrupted {
        throw .cannotRead(path: path, reason: Platform.lastErrorText)
      }
    }
  }

  /// Writes all bytes, in as many calls as the system needs.
  func write(_ bytes: borrowing Span<UInt8>, path: String) throws(FileError) {
    let descriptor = number
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { memory in
        guard let base = memory.baseAddress else { return 0 }
        #if canImport(Glibc)
          return unsafe Glibc.write(descriptor, base + start, memory.count - start)
        #elseif canImport(Musl)
          return unsafe Musl.write(descriptor, base + start, memory.count - start)
        #else
          return unsafe Darwin.write(descriptor, base + start, memory.count - start)
        #endif
      }
      if count > 0 {
        start += count
      } else if count < 0 && Platform.outputIsClosed {
        throw .outputClosed
      } else if count < 0 && !Platform.wasInterrupted {
        throw .cannotWrite(path: path, reason: Platform.lastErrorText)
      }
    }
  }
}
