#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension [UInt8] {
  /// The index of the first line feed in a part of the array. The search is the system's, which
  /// looks at many bytes at once.
  func lineFeed(in range: Range<Int>) -> Int? {
    let part = range.clamped(to: indices)
    return unsafe withUnsafeBytes { memory in
      guard !part.isEmpty, let base = memory.baseAddress else { return nil }
      // `part` lies inside the array, so the search does, too.
      let start = unsafe base + part.lowerBound
      guard let found = unsafe memchr(start, 0x0A, part.count) else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}

extension [UInt8] {
  /// Zeros, `capacity` of them, that begin with a part of this array.
  func copied(_ part: Range<Int>, capacity: Int) -> [UInt8] {
    var copy = [UInt8](repeating: 0, count: Swift.max(capacity, part.count))
    unsafe withUnsafeBytes { source in
      unsafe copy.withUnsafeMutableBytes { target in
        // Slices check the part; the copy has room for it, and the two do not overlap.
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[part]))
      }
    }
    return copy
  }
}

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
