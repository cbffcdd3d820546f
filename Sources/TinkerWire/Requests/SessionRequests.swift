package import TinkerData
package import TinkerJSON

/// The body of `create_session`.
package struct CreateSessionRequest: Sendable, Hashable {
  /// Words that the session is found by.
  package var tags: [String]
  /// Texts that are kept with it.
  package var userMetadata: [String: String]?
  /// Its name for people.
  package var displayName: String?
  /// The project that it belongs to.
  package var projectID: String?
  /// The version of the SDK that asks.
  package var sdkVersion: String?

  /// Reads the JSON form.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "create_session")
    tags = try fields.optionalArray("tags", text) ?? []
    userMetadata = try fields.optionalStrings("user_metadata")
    displayName = try fields.optionalString("display_name")
    projectID = try fields.optionalString("project_id")
    sdkVersion = try fields.optionalString("sdk_version")
  }
}

/// The body of `create_sampling_session`.
package struct CreateSamplingSessionRequest: Sendable, Hashable {
  /// The session.
  package var sessionID: String
  /// The number of the sampler in it.
  package var number: Int
  /// The base model to sample from.
  package var baseModel: String?
  /// The checkpoint to sample from.
  package var modelPath: String?

  /// Reads the JSON form.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "create_sampling_session")
    sessionID = try fields.string("session_id")
    number = try fields.int("sampling_session_seq_id")
    baseModel = try fields.optionalString("base_model")
    modelPath = try fields.optionalString("model_path")
    guard baseModel != nil || modelPath != nil else {
      throw .unexpected("base_model or model_path", at: fields.path)
    }
  }
}

/// The body of `retrieve_future`.
package struct RetrieveRequest: Sendable, Hashable {
  /// The request whose result is asked for.
  package var requestID: String
  /// Whether a large result may be announced by its size first.
  package var allowsMetadata: Bool

  /// Reads the JSON form.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "retrieve_future")
    requestID = try fields.string("request_id")
    allowsMetadata = try fields.optionalBool("allow_metadata_only") ?? false
  }
}

/// The body of `retrieve_futures`.
package struct RetrieveManyRequest: Sendable, Hashable {
  /// The sampler whose requests are asked for.
  package var samplerID: String
  /// The clone of the sampler.
  package var cloneID: Int
  /// The completions up to this one are known.
  package var cursor: Int
  /// Whether the answer must come at once.
  package var isImmediate: Bool
  /// Requests whose results have been fetched.
  package var retrieved: [String]

  /// Reads the JSON form.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "retrieve_futures")
    let target = JSONFields(try fields.required("target"), at: fields.place("target"))
    samplerID = try target.string("sampling_session_id")
    cloneID = try target.optionalInt("cloned_sampler_id") ?? 0
    cursor = try fields.optionalInt("prev_cursor") ?? 0
    isImmediate = try fields.optionalDouble("timeout") == 0
    retrieved = try fields.optionalArray("retrieved_request_ids", text) ?? []
  }
}
