import ArgumentParser
import TinkerFiles
import TinkerKit

/// The embedded engine in place of the service.
struct LocalArguments: ParsableArguments {
  @Flag(help: "Work in this process, with no key and no network.")
  var local = false

  @Option(
    help: ArgumentHelp(
      "The model of --local: a folder in Hugging Face's form. Default: a small one of random weights.",
      valueName: "folder"))
  var localModel: String?

  @Option(
    help: ArgumentHelp(
      "The folder of --local's checkpoints. Default: tinkerkit-state", valueName: "folder"))
  var state: String?

  /// The settings that were given, by the names of a configuration file.
  var given: [(String, JSONValue)] {
    var out: [(String, JSONValue)] = []
    if local { out.append(("local", true)) }
    if let localModel { out.append(("local_model", .orNull(localModel))) }
    if let state { out.append(("state", .orNull(state))) }
    return out
  }
}

/// Who trains and samples: the embedded engine or the service.
enum Backend {
  case engine(LocalService)
  case service(ServiceClient)

  /// The name of the small model that `--local` offers.
  static let smallModel = "demo"
  static let defaultState = "tinkerkit-state"

  /// The embedded engine with one model.
  static func engine(
    model: String?, state: String?, tokenizer: String, seesImages: Bool
  ) throws(CommandFailure) -> (backend: Backend, baseModel: String) {
    do throws(LocalError) {
      let offered: LocalModel
      if let model {
        offered = LocalModel(
          name: Self.name(ofFolder: model), source: .folder(model), tokenizerFolder: tokenizer)
      } else {
        offered = try .small(smallModel, tokenizer: tokenizer, seesImages: seesImages)
      }
      let service = LocalService(
        LocalConfiguration(models: [offered], stateFolder: state ?? defaultState))
      return (.engine(service), offered.name)
    } catch { throw CommandFailure(error) }
  }

  private static func name(ofFolder path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? "model"
  }

  /// The ports.
  var ports: any ServiceBackend {
    switch self {
    case .engine(let service): service
    case .service(let client): client
    }
  }

  /// Does work and ends the session as the work ended. `work` tells whether it was stopped.
  func perform(_ work: (any ServiceBackend) async throws -> Bool) async throws {
    guard case .service(let client) = self else {
      _ = try await work(ports)
      return
    }
    do {
      let isStopped = try await work(client)
      try await client.close(status: isStopped ? .interrupted : .success)
    } catch {
      try? await client.close(
        status: error is CancellationError ? .interrupted : .errored, detail: "\(error)")
      throw error
    }
  }
}

extension CommandFailure {
  init(_ error: LocalError) {
    self.init(error.isUserError ? .usage : .badInput, error.description)
  }

  init(_ error: TrainingError) {
    switch error {
    case .setting: self.init(.usage, error.description)
    case .data, .log: self.init(.badInput, error.description)
    case .backend: self.init(.network, error.description)
    }
  }
}
