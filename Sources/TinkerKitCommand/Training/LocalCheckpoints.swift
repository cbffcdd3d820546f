import ArgumentParser
import TinkerKit
import TinkerLocal

/// The checkpoints that runs with `--local` left.
struct LocalCheckpoints: ParsableArguments {
  @Flag(help: "Those of --local runs, with no key and no network.")
  var local = false

  @Option(
    help: ArgumentHelp(
      "The folder of --local's checkpoints. Default: tinkerkit-state", valueName: "folder"))
  var state: String?

  /// Refuses options without effect.
  func check(_ service: ServiceArguments) throws {
    if !local, state != nil {
      throw ValidationError("--state has no effect without --local")
    }
    if local, service.baseUrl != nil || service.deadline != nil {
      throw ValidationError("--base-url and --deadline have no effect with --local")
    }
  }

  var store: CheckpointStore { CheckpointStore(folder: state ?? Backend.defaultState) }

  /// Does work with the store; its errors become the command's.
  func perform<Value>(_ work: () throws -> Value) throws -> Value {
    do { return try work() } catch let error as LocalError { throw CommandFailure(error) }
  }
}
