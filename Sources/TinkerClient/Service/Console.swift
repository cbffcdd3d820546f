import TinkerWire

/// Addresses of the service's pages for people.
enum Console {
  static let address = "https://tinker.thinkingmachines.ai"
}

extension ServiceClient {
  /// The page of this session, or of all sessions if there is none yet.
  public func consoleURL() async throws -> String {
    guard let id = try await core.startedSessionID() else { return Console.address + "/sessions" }
    return Console.address + "/sessions/" + id
  }
}

extension TrainingClient {
  /// The page of this training run.
  public var consoleURL: String { Console.address + "/training_runs/" + modelID }
}
