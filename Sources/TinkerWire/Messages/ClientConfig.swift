package import TinkerData
package import TinkerJSON

/// What the server asks of clients, fetched once. Absent members take their defaults, unknown ones are
/// ignored.
package struct ClientConfig: Sendable, Hashable {
  /// Whether the credential is exchanged for tokens.
  package var exchangesTokens = false
  /// Whether a credential command is the only accepted source.
  package var requiresCredentialCommand = false
  /// The estimated bytes of samples that are submitted at a time.
  package var sampleDispatchBytes = 10_485_760
  /// The bytes of results that are fetched at a time.
  package var responseBytes = 52_428_800
  /// Whether the chunks of a pass are sent at once.
  package var sendsChunksInParallel = true
  /// Whether bodies of passes are compressed.
  package var compressesPasses = false
  /// The most examples of a chunk.
  package var chunkLength = 1024
  /// The most estimated bytes of a chunk.
  package var chunkBytes = 5_000_000
  /// The estimated bytes of passes that are in flight.
  package var passDispatchBytes = 50_000_000
  /// How long a client waits for a bill to be paid.
  package var billingPauseSeconds = 3600.0
  /// Whether a sample that failed is tried again.
  package var retriesSamples = true
  /// Whether a sampler that makes no progress fails.
  package var detectsStuckSamples = true
  /// The samples of a sampler that run at a time.
  package var concurrentSamples = 2000
  /// Whether finished samples are asked for together.
  package var pollsSamplesTogether = false
  /// Whether a clone of a sampler asks for its number.
  package var joinsSamplingSessions = false
  /// Whether the server computes losses of callers.
  package var computesCustomLosses = false

  private static let longestPause = 1e9

  /// The defaults.
  package init() {}

  /// Reads the reply of `client/config`.
  ///
  /// - Throws: `DataError` for a member of another type.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "client config")
    exchangesTokens = try fields.optionalBool("pjwt_auth_enabled") ?? exchangesTokens
    requiresCredentialCommand =
      try fields.optionalString("credential_default_source") == "credential_cmd"
    // A pool that begins below zero would let nothing in.
    sampleDispatchBytes = max(
      0, try fields.optionalInt("sample_dispatch_bytes_semaphore_size") ?? sampleDispatchBytes)
    responseBytes = max(
      0, try fields.optionalInt("inflight_response_bytes_semaphore_size") ?? responseBytes)
    sendsChunksInParallel =
      try fields.optionalBool("parallel_fwdbwd_chunks") ?? sendsChunksInParallel
    compressesPasses = try fields.optionalBool("proto_compress_fwdbwd") ?? compressesPasses
    chunkLength = max(1, try fields.optionalInt("fwdbwd_max_chunk_len") ?? chunkLength)
    chunkBytes = try fields.optionalInt("fwdbwd_max_chunk_bytes_count") ?? chunkBytes
    passDispatchBytes = max(
      0, try fields.optionalInt("fwdbwd_dispatch_bytes_semaphore_size") ?? passDispatchBytes)
    if let pause = try fields.optionalDouble("billing_exception_max_pause_duration_sec") {
      // Also numbers that are none, which JSON of Python may hold.
      billingPauseSeconds = pause > 0 ? min(pause, Self.longestPause) : 0
    }
    retriesSamples = !(try fields.optionalBool("sample_no_retries") ?? false)
    detectsStuckSamples =
      try fields.optionalBool("sample_enable_stuck_detection") ?? detectsStuckSamples
    concurrentSamples = max(
      1, try fields.optionalInt("sample_max_concurrent_requests") ?? concurrentSamples)
    pollsSamplesTogether =
      try fields.optionalBool("sample_use_retrieve_futures") ?? pollsSamplesTogether
    joinsSamplingSessions =
      try fields.optionalBool("sample_join_sampling_session") ?? joinsSamplingSessions
    computesCustomLosses =
      try fields.optionalBool("custom_loss_server_side") ?? computesCustomLosses
  }
}

/// What the server asks of clients for now, fetched again and again.
package struct DynamicConfig: Sendable, Hashable {
  /// The seconds until it is fetched again.
  package var refreshSeconds = 300.0
  /// Whether the server is told of abandoned samples.
  package var cancelsSamples = false

  /// The defaults, also for servers without the endpoint.
  package init() {}

  /// Reads the reply of `client/dynamic_config`.
  ///
  /// - Throws: `DataError` for a member of another type.
  package init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "dynamic client config")
    refreshSeconds = try fields.optionalDouble("refresh_interval_sec") ?? refreshSeconds
    cancelsSamples = try fields.optionalBool("sample_cancel_enabled") ?? cancelsSamples
  }
}
