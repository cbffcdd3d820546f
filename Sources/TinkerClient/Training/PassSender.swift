import TinkerData
import TinkerJSON
import TinkerWire

/// Sends the parts of one pass and puts their results together.
struct PassSender: Sendable {
  let client: TrainingClient
  let data: [Datum]
  let parts: [Chunking.Part]
  let loss: LossFunction
  let firstSequence: Int
  let isForwardOnly: Bool

  private var kind: RequestKind { isForwardOnly ? .forward : .forwardBackward }
  private var name: String { isForwardOnly ? "forward" : "forward_backward" }

  /// Sends every part. In parallel, the first goes last, because the server cannot begin before it.
  ///
  /// When a part is refused, those that were not sent yet go out as forward passes: their places in the
  /// order are used up, and nothing more is added to the gradient.
  func submit() async -> Result<[TrainingClient.Submission], any Error> {
    let isParallel = client.connected.config.sendsChunksInParallel && parts.count > 1
    var submissions = [TrainingClient.Submission?](repeating: nil, count: parts.count)
    var failure: (any Error)?
    if isParallel {
      await withTaskGroup(of: (Int, Result<TrainingClient.Submission, any Error>).self) { group in
        for index in 1..<parts.count {
          group.addTask { (index, await submit(index, isForwardOnly: isForwardOnly)) }
        }
        for await (index, result) in group {
          switch result {
          case .success(let submission): submissions[index] = submission
          case .failure(let error): failure = failure ?? error
          }
        }
      }
    }
    for index in isParallel ? 0..<1 : 0..<parts.count {
      switch await submit(index, isForwardOnly: isForwardOnly || failure != nil) {
      case .success(let submission): submissions[index] = submission
      case .failure(let error): failure = failure ?? error
      }
    }
    if let failure { return .failure(failure) }
    return .success(submissions.compactMap(\.self))
  }

  /// The results of all parts, combined.
  func results(
    of submissions: [TrainingClient.Submission], _ pending: any Abandonable
  ) async throws -> ForwardBackwardOutput {
    let outputs = try await withThrowingTaskGroup(of: (Int, ForwardBackwardOutput).self) { group in
      for (index, submission) in submissions.enumerated() {
        group.addTask {
          let outcome = try await client.retrieve(submission, kind, name, pending)
          guard case .protobuf(let bytes) = outcome else {
            throw ClientError.unexpectedReply(
              "\(name) was answered with JSON where protobuf is expected")
          }
          do { return (index, try ForwardBackwardOutput(serialized: bytes)) } catch {
            throw ClientError.unexpectedReply("\(error)")
          }
        }
      }
      var outputs: [(Int, ForwardBackwardOutput)] = []
      for try await output in group { outputs.append(output) }
      return outputs.sorted { $0.0 < $1.0 }.map(\.1)
    }
    guard let combined = MetricCombiner.combine(outputs) else {
      throw ClientError.unexpectedReply("\(name) gave no result")
    }
    return combined
  }

  private func submit(
    _ index: Int, isForwardOnly: Bool
  ) async -> Result<TrainingClient.Submission, any Error> {
    let part = parts[index]
    do {
      return .success(
        try await client.submit(bytes: part.bytes) {
          let request = ForwardBackwardRequest(
            modelID: client.modelID, sequenceNumber: firstSequence + index,
            data: Array(data[part.range]), loss: loss, isForwardOnly: isForwardOnly)
          var body: [UInt8]
          do { body = try request.serialized() } catch {
            throw ClientError.unexpectedReply("\(error)")
          }
          var call = APICall(.forwardBackward)
          call.contentType = ContentType.protobuf
          if client.connected.config.compressesPasses, let compressed = Zstd.compress(body) {
            body = compressed
            call.headers = [.init("Content-Encoding", "zstd")]
          }
          call.body = body
          return call
        })
    } catch { return .failure(error) }
  }
}
