import TinkerData
import TinkerLocal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The folder of the state while a server uses it: no other server does.
final class StateFolder: Sendable {
  /// What addresses of files are signed with. It outlives the server, so that a download goes on.
  let secret: [UInt8]
  private let descriptor: Int32

  /// - Throws: `ServerError.state` if the folder cannot be made or is in use.
  init(_ path: String) throws(ServerError) {
    let folder = path + "/.server"
    do throws(LocalError) {
      try FileSystem.makeFolder(folder)
    } catch { throw .state(error.description) }
    descriptor = unsafe open(folder + "/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .state("\(folder)/lock cannot be opened (error \(errno))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .state("another server uses \(path); give this one a folder of its own")
    }
    do throws(LocalError) {
      secret = try Self.secret(folder + "/secret")
    } catch {
      close(descriptor)
      throw .state(error.description)
    }
  }

  deinit { close(descriptor) }

  private static func secret(_ path: String) throws(LocalError) -> [UInt8] {
    if let bytes = try? FileSystem.read(path), bytes.count == 32 { return bytes }
    var bytes: [UInt8] = []
    for _ in 0..<4 {
      let number = RandomStream.systemSeed()
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    try FileSystem.write(bytes, to: path + ".new")
    unsafe chmod(path + ".new", 0o600)
    try FileSystem.rename(path + ".new", to: path)
    return bytes
  }
}
