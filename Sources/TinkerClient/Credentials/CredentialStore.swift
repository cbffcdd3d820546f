import TinkerData
import TinkerJSON

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The file of stored keys, which only its owner can read.
struct CredentialStore: Sendable {
  /// The path of the file.
  let path: String

  /// The file of the user, or of a given path.
  init(path: String?, environment: Environment) {
    self.path = path ?? (environment["HOME"] ?? ".") + "/.tinker/credentials.json"
  }

  /// The default key, or `nil` if there is no file or no default.
  ///
  /// - Throws: ``ClientError`` for a file that cannot be read as one.
  func defaultKey() throws -> String? {
    guard let bytes = try read() else { return nil }
    guard let json = try? JSONValue.parse(bytes) else {
      throw ClientError.configuration("\(path) is not a credential file: it is not JSON")
    }
    do {
      let fields = JSONFields(json, at: path)
      guard let name = try fields.optionalString("default") else { return nil }
      let keys = JSONFields(try fields.required("keys"), at: fields.place("keys"))
      guard let entry = try keys[name] else { return nil }
      return try JSONFields(entry, at: keys.place(name)).string("key")
    } catch {
      throw ClientError.configuration("\(error)")
    }
  }

  private func read() throws -> [UInt8]? {
    guard let file = unsafe fopen(path, "rb") else {
      if errno == ENOENT { return nil }
      throw ClientError.configuration("\(path) cannot be opened (error \(errno))")
    }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      // The buffer is as long as the count that is passed with it.
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }
}
