import TinkerData
import TinkerJSON
import TinkerWire

/// What another process needs to sample from the same session. It holds no credential.
struct SamplerHandle: Sendable, Hashable {
  var sessionID: String
  var samplingSessionID: String
  var baseURL: String
  var headers: [String: String]
  var clientConfig: JSONValue
  var dynamicConfig: JSONValue
  var baseModel: String?
  var recordsStability: Bool

  /// The text of a handle, in the alphabet of URLs.
  var text: String {
    let bytes = jsonBody([
      "session_id": .text(sessionID), "sampling_session_id": .text(samplingSessionID),
      "holder": .object([
        "base_url": .text(baseURL),
        "default_headers_overrides": JSONValue.texts(headers) ?? [:],
        "client_config": clientConfig, "client_dynamic_config": dynamicConfig, "api_key": .null,
      ]),
      "base_model": baseModel.map { .text($0) } ?? .null,
      "record_stability_info": .bool(recordsStability),
    ])
    return String(Base64.encode(bytes).map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
  }

  /// Reads a handle.
  init(text: String) throws(ClientError) {
    let standard = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    guard let json = Base64.decode(standard).flatMap({ try? JSONValue.parse($0) }) else {
      throw .configuration("this is not a sampler handle")
    }
    do {
      let fields = JSONFields(json, at: "sampler handle")
      let holder = JSONFields(try fields.required("holder"), at: "sampler handle.holder")
      sessionID = try fields.string("session_id")
      samplingSessionID = try fields.string("sampling_session_id")
      baseURL = try holder.string("base_url")
      headers = try holder.optionalStrings("default_headers_overrides") ?? [:]
      clientConfig = try holder["client_config"] ?? [:]
      dynamicConfig = try holder["client_dynamic_config"] ?? [:]
      baseModel = try fields.optionalString("base_model")
      recordsStability = try fields.optionalBool("record_stability_info") ?? false
    } catch { throw .configuration("\(error)") }
  }

  init(
    sessionID: String, samplingSessionID: String, baseURL: String, headers: [String: String],
    clientConfig: JSONValue, dynamicConfig: JSONValue, baseModel: String?,
    recordsStability: Bool
  ) {
    self.sessionID = sessionID
    self.samplingSessionID = samplingSessionID
    self.baseURL = baseURL
    self.headers = headers
    self.clientConfig = clientConfig
    self.dynamicConfig = dynamicConfig
    self.baseModel = baseModel
    self.recordsStability = recordsStability
  }
}

extension SamplingClient {
  /// A text with which another process can sample from the same session; see ``init(handle:options:)``.
  ///
  /// It holds addresses and settings, and no credential.
  public func samplerHandle() async throws -> String {
    SamplerHandle(
      sessionID: try await core.sessionID(), samplingSessionID: samplingSessionID,
      baseURL: core.options.resolvedBaseURL, headers: core.options.headers,
      clientConfig: connected.configJSON, dynamicConfig: core.dynamicConfigJSON,
      baseModel: try? await baseModel(), recordsStability: recordsStability
    ).text
  }

  /// A clone of a sampler in this process, without a session of its own but with its own heartbeats.
  ///
  /// - Parameters:
  ///   - handle: The text of ``samplerHandle()``.
  ///   - options: Where the credential comes from; address and headers are the handle's.
  ///   - clone: The number of the clone; `nil`, the default, draws one or asks the server, as it wishes.
  /// - Throws: ``ClientError`` for a text that is no handle, and as a connection does.
  public convenience init(
    handle: String, options: ServiceOptions = ServiceOptions(), clone: Int? = nil
  ) async throws {
    let handle = try SamplerHandle(text: handle)
    var options = options
    options.baseURL = handle.baseURL
    options.headers = handle.headers
    let core = ServiceCore(
      options, presetConfig: (client: handle.clientConfig, dynamic: handle.dynamicConfig))
    let connected = try await core.connected()
    core.adoptSession(handle.sessionID)
    self.init(
      core, connected, sessionID: handle.samplingSessionID, baseModel: handle.baseModel,
      recordsStability: handle.recordsStability, clone: clone)
  }
}
