#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Where a credential comes from, in the order of the specification.
struct CredentialSource: Sendable {
  /// The argument of the client.
  var argument: String?
  /// The environment.
  var environment: Environment
  /// The default key of the credential file.
  var stored: @Sendable () throws -> String?

  /// The credential for the next exchange or request; a command runs each time. If the server requires
  /// a command, it takes nothing but the command's output and tokens.
  func resolve(requiresCommand: Bool) throws -> Credential {
    let given = argument.nonEmpty ?? environment["TINKER_API_KEY"]
    let command = environment["TINKER_CREDENTIAL_CMD"]
    if let given, given.hasPrefix("eyJ") { return try Credential(given) }
    if requiresCommand {
      guard let command else {
        throw ClientError.configuration(
          "the server asks for a credential command: set TINKER_CREDENTIAL_CMD")
      }
      return try Self.run(command)
    }
    if let given {
      if !given.hasPrefix("tml-"), let command { return try Self.run(command) }
      return try Credential(given)
    }
    if let command { return try Self.run(command) }
    if let stored = try stored() { return try Credential(stored) }
    throw ClientError.configuration(
      "no API key: pass one, set TINKER_API_KEY or TINKER_CREDENTIAL_CMD, or log in")
  }

  /// The output of a shell command.
  private static func run(_ command: String) throws -> Credential {
    let output: String
    do { output = try Shell.output(of: command) } catch {
      throw ClientError.configuration("TINKER_CREDENTIAL_CMD: \(error)")
    }
    guard !output.isEmpty else {
      throw ClientError.configuration("TINKER_CREDENTIAL_CMD printed nothing")
    }
    return try Credential(output)
  }
}

/// The variables that the client reads.
public struct Environment: Sendable {
  private let variables: @Sendable (String) -> String?

  /// The environment of the process.
  public static let process = Environment { name in
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// Given variables and no others.
  public init(_ variables: [String: String]) { self.variables = { variables[$0] } }

  private init(_ variables: @escaping @Sendable (String) -> String?) { self.variables = variables }

  /// A variable; an empty one counts as unset.
  public subscript(name: String) -> String? { variables(name).nonEmpty }

  /// A variable, even if it is empty.
  func value(_ name: String) -> String? { variables(name) }
}

extension String? {
  /// The text, unless there is none or it is empty.
  var nonEmpty: String? { self?.isEmpty == false ? self : nil }
}
