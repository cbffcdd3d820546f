#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A folder that is removed with this value.
final class TemporaryFolder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/tinkerkit-test-XXXXXX".utf8CString)
    path =
      unsafe template.withUnsafeMutableBufferPointer { buffer in
        unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) }
      } ?? "/tmp"
  }

  deinit { _ = Self.run("rm", "-rf", path) }

  /// Runs a program and gives its status.
  static func run(_ arguments: String...) -> Int32 {
    var process = pid_t()
    var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    guard unsafe posix_spawnp(&process, arguments[0], nil, nil, &pointers, environ) == 0 else {
      return -1
    }
    var status: Int32 = 0
    unsafe waitpid(process, &status, 0)
    return status >> 8 & 0xFF
  }
}
