package import TinkerData
package import TinkerJSON

/// The answer to a submission.
package struct SubmissionReply: Sendable, Hashable {
  /// What the result is asked for by.
  package var requestID: String
  /// The model, where one is created or used.
  package var modelID: String?
  /// One id for each sequence of a sample.
  package var sampleSequenceIDs: [String]?

  package init(requestID: String, modelID: String? = nil, sampleSequenceIDs: [String]? = nil) {
    self.requestID = requestID
    self.modelID = modelID
    self.sampleSequenceIDs = sampleSequenceIDs
  }

  /// Reads the JSON form.
  ///
  /// - Throws: `DataError` for a member that is missing or of another type.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "answer to a submission")
    self.init(
      requestID: try fields.string("request_id"), modelID: try fields.optionalString("model_id"),
      sampleSequenceIDs: try fields.optionalArray("sample_sequence_ids") {
        (value, place) throws(DataError) in
        guard let id = value.text else { throw .unexpected("a string", at: place) }
        return id
      })
  }

  /// The JSON form.
  package var json: [UInt8] {
    jsonBody([
      "request_id": .text(requestID), "model_id": .text(modelID),
      "sample_sequence_ids": sampleSequenceIDs.map { .array($0.map { .text($0) }) },
    ])
  }
}

/// Who is to blame for a request that failed for good.
public enum FailureCategory: String, Sendable, Hashable {
  /// It is not known.
  case unknown
  /// The service.
  case server
  /// The caller.
  case user
}

/// What the service does with a request that is not finished.
public enum QueueState: Sendable, Hashable, CustomStringConvertible {
  /// It works on it.
  case active
  /// It is short of capacity.
  case pausedCapacity
  /// The account has too many requests.
  case pausedRateLimit
  /// Something that this client does not know.
  case unknown(String)

  /// The state by its name.
  package init(_ name: String) {
    self =
      switch name {
      case "active": .active
      case "paused_capacity": .pausedCapacity
      case "paused_rate_limit": .pausedRateLimit
      default: .unknown(name)
      }
  }

  /// The state in words.
  public var description: String {
    switch self {
    case .active: "active"
    case .pausedCapacity: "paused for capacity"
    case .pausedRateLimit: "paused by a rate limit"
    case .unknown(let name): name
    }
  }
}

/// A JSON answer to `retrieve_future`.
package enum FutureReply: Sendable, Hashable {
  /// Not finished.
  case pending(QueueState, reason: String?)
  /// Finished; the result has so many bytes and is asked for again.
  case metadata(byteCount: Int)
  /// Failed for good.
  case failed(message: String, category: FailureCategory)
  /// The result.
  case result(JSONValue)

  /// Reads an answer; the tests are in the order of the specification.
  package init(json: JSONValue) {
    if json["type"]?.text == "try_again" {
      self = .pending(
        QueueState(json["queue_state"]?.text ?? ""), reason: json["queue_state_reason"]?.text)
    } else if json["status"]?.text == "complete_metadata" {
      self = .metadata(byteCount: json["response_payload_size"]?.int ?? 0)
    } else if let message = json["error"]?.text {
      self = .failed(
        message: message,
        category: json["category"]?.text.flatMap(FailureCategory.init) ?? .unknown)
    } else {
      self = .result(json)
    }
  }
}

/// What the server was asked for, as `X-Tinker-Request-Type` names it.
package enum RequestKind: String, Sendable, Hashable {
  case createModel = "CreateModel"
  case forwardBackward = "ForwardBackward"
  case forward = "Forward"
  case optimStep = "OptimStep"
  case saveWeights = "SaveWeights"
  case loadWeights = "LoadWeights"
  case saveWeightsForSampler = "SaveWeightsForSampler"
  case saveWeightsExternal = "SaveWeightsExternal"
  case sample = "Sample"
  case createCustomLoss = "CreateCustomLoss"

  /// Whether results are protobuf.
  package var hasProtobufResult: Bool {
    switch self {
    case .forwardBackward, .forward, .sample: true
    case .createModel, .optimStep, .saveWeights, .loadWeights, .saveWeightsForSampler,
      .saveWeightsExternal, .createCustomLoss:
      false
    }
  }
}

/// The body of an error: `{"detail": …}`.
package struct ErrorBody: Sendable, Hashable {
  /// What went wrong.
  package var detail: JSONValue

  package init(_ detail: String) { self.detail = .text(detail) }

  /// The JSON form.
  package var json: [UInt8] { jsonBody(["detail": detail]) }
}
