internal import CPCRE2

/// A pattern compiled by PCRE2 for strings of bytes, and the only owner of its memory.
///
/// PCRE2 never changes a compiled pattern, so threads may share one. The address is kept as a number
/// because pointers are not `Sendable`; it becomes a pointer again only in this file.
@safe
final class CompiledPattern: Sendable {
  private let address: UInt

  /// Steps of one search, so that a pattern that tries everything comes to an end.
  private static let matchLimit: UInt32 = 10_000_000
  /// Memory of one search, in KiB.
  private static let heapLimit: UInt32 = 256 * 1024

  init(_ pattern: [UInt8]) throws(ExpressionError) {
    var code: CInt = 0
    var offset = 0
    let compiled = unsafe pattern.withUnsafeBufferPointer {
      unsafe pcre2_compile_8($0.baseAddress, $0.count, UInt32(PCRE2_NEVER_UTF), &code, &offset, nil)
    }
    guard let compiled = unsafe compiled else {
      throw .malformed(expected: "an expression that PCRE2 takes (it says: \(Self.message(code)))")
    }
    address = UInt(bitPattern: compiled)
    // Where there is no just-in-time compiler the pattern is interpreted.
    _ = unsafe pcre2_jit_compile_8(compiled, UInt32(PCRE2_JIT_COMPLETE))
  }

  deinit { unsafe pcre2_code_free_8(OpaquePointer(bitPattern: address)) }

  private static func message(_ code: CInt) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = unsafe buffer.withUnsafeMutableBufferPointer {
      unsafe pcre2_get_error_message_8(code, $0.baseAddress, $0.count)
    }
    return String(decoding: buffer.prefix(max(0, Int(count))), as: UTF8.self)
  }

  /// The memory for the searches in one text.
  @safe
  struct Search: ~Copyable {
    private let data: OpaquePointer?
    private let limits: OpaquePointer?
    private let code: OpaquePointer?

    init(_ pattern: borrowing CompiledPattern) {
      unsafe code = OpaquePointer(bitPattern: pattern.address)
      unsafe data = pcre2_match_data_create_8(1, nil)
      unsafe limits = pcre2_match_context_create_8(nil)
      _ = unsafe pcre2_set_match_limit_8(limits, CompiledPattern.matchLimit)
      _ = unsafe pcre2_set_heap_limit_8(limits, CompiledPattern.heapLimit)
    }

    deinit {
      unsafe pcre2_match_data_free_8(data)
      unsafe pcre2_match_context_free_8(limits)
    }

    /// The first match that begins at or behind an offset; `nil` if there is none, or if a limit was
    /// reached.
    func first(in text: Span<UInt8>, from start: Int) -> Range<Int>? {
      guard unsafe data != nil, unsafe limits != nil, start <= text.count else { return nil }
      var result = find(in: text, from: start, options: 0)
      if result == PCRE2_ERROR_JIT_STACKLIMIT {
        // The interpreter keeps its state on the heap.
        result = find(in: text, from: start, options: UInt32(PCRE2_NO_JIT))
      }
      guard result >= 0, let pair = unsafe pcre2_get_ovector_pointer_8(data) else { return nil }
      let lower = unsafe pair[0]
      let upper = unsafe pair[1]
      return start <= lower && lower <= upper && upper <= text.count ? lower..<upper : nil
    }

    private func find(in text: Span<UInt8>, from start: Int, options: UInt32) -> CInt {
      unsafe text.withUnsafeBufferPointer { bytes in
        // An empty text has no address, but PCRE2 wants one.
        guard let base = bytes.baseAddress else {
          return unsafe [0].withUnsafeBufferPointer {
            unsafe pcre2_match_8(code, $0.baseAddress, 0, 0, options, data, limits)
          }
        }
        return unsafe pcre2_match_8(code, base, bytes.count, start, options, data, limits)
      }
    }
  }
}
