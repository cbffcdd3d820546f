public import TinkerData
public import TinkerJSON
import TinkerWire

/// A loss of the caller that the server computes, made by
/// ``ServiceClient/createCustomLoss(name:inputs:graph:)``. It belongs to the session that made it.
public struct LossHandle: Sendable, Hashable {
  /// An input of a loss: `logprobs`, or the name of an example's loss input.
  public struct Input: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The number of dimensions, 0 to 2.
    public var rank: Int

    /// An input.
    public init(_ name: String, rank: Int) {
      self.name = name
      self.rank = rank
    }
  }

  /// The name of the loss.
  public let name: String
  /// The server's name for it.
  public let lossID: String
  /// Its inputs; the first is `logprobs`.
  public let inputs: [Input]

  private static let mostInputs = 16
  private static let longestName = 64

  /// Refuses inputs that the service would not take.
  static func check(_ inputs: [Input]) throws(DataError) {
    guard inputs.first?.name == "logprobs", inputs.count <= mostInputs,
      inputs.first?.rank != 0
    else {
      throw .parameter(
        name: "inputs",
        "must begin with logprobs, of rank 1 or 2, and be at most \(mostInputs)")
    }
    for input in inputs {
      let isName =
        input.name.utf8.count <= longestName
        && input.name.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
        && input.name.utf8.allSatisfy {
          (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
      guard isName, (0...2).contains(input.rank) else {
        throw .parameter(
          name: "inputs", "“\(input.name)” must be a lowercase name with a rank from 0 to 2")
      }
    }
  }

  /// Refuses examples that lack an input or have it in another rank.
  func check(_ data: [Datum]) throws(DataError) {
    for (index, datum) in data.enumerated() {
      for input in inputs {
        let key = input.name == "logprobs" ? "target_tokens" : input.name
        let place = "example \(index) of the custom loss \(name)"
        guard let tensor = datum.lossInput(named: key) else {
          throw .unexpected("the input \(key)", at: place)
        }
        let rank = tensor.shape.count
        guard rank == input.rank else {
          throw .unexpected("\(key) of rank \(input.rank), not \(rank)", at: place)
        }
      }
    }
  }
}

extension ServiceClient {
  /// Gives the server a loss to compute, for
  /// ``TrainingClient/forwardBackwardCustom(_:loss:)``. A closure runs on every server; see
  /// `forwardBackwardCustom(_:loss:)` of every `TrainingBackend`.
  ///
  /// - Parameters:
  ///   - name: A name for messages.
  ///   - inputs: `logprobs` first, then the loss inputs of examples that it reads.
  ///   - graph: What it computes, as the service takes it: `{"format": 1, "nodes": [...]}` in the
  ///     form of a traced `torch.fx` graph.
  /// - Returns: The loss.
  /// - Throws: ``ClientError``; a configuration error if the server computes no losses of callers.
  public func createCustomLoss(
    name: String, inputs: [LossHandle.Input], graph: JSONValue
  ) async throws -> LossHandle {
    do { try LossHandle.check(inputs) } catch { throw ClientError.invalidArgument(error) }
    let session = try await core.sessionID()
    let connected = try await core.connected()
    guard connected.config.computesCustomLosses else {
      throw ClientError.configuration(
        "the server computes no losses of callers; give forwardBackwardCustom a closure")
    }
    let body = jsonBody([
      "session_id": .text(session), "custom_loss_seq_id": .int(core.takeLossNumber()),
      "name": .text(name),
      "inputs": .array(inputs.map { ["name": .text($0.name), "rank": .int($0.rank)] }),
      "graph": graph, "type": "create_custom_loss",
    ])
    let json = try await future(.createCustomLoss, .createCustomLoss, body, of: session)
    guard let id = json["loss_id"]?.text else {
      throw ClientError.unexpectedReply("create_custom_loss gave no loss_id")
    }
    return LossHandle(name: name, lossID: id, inputs: inputs)
  }
}

extension TrainingClient {
  /// Computes a loss that the server was given, and adds its gradients to those of earlier passes.
  ///
  /// - Parameters:
  ///   - data: Examples with `target_tokens` and the inputs of the loss.
  ///   - loss: The loss, of the same session.
  /// - Returns: The pass.
  /// - Throws: ``ClientError``, at once for an example without an input.
  public func forwardBackwardCustom(
    _ data: [Datum], loss: LossHandle
  ) throws -> TrainingOperation<ForwardBackwardOutput> {
    do { try loss.check(data) } catch { throw ClientError.invalidArgument(error) }
    return try forwardBackward(
      data,
      loss: LossFunction(
        name: "custom", settings: [.init(name: "loss_id", value: .text(loss.lossID))]))
  }
}
