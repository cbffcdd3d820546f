extension Route {
  package static let clientConfig = Route(.post, "client/config")
  package static let dynamicConfig = Route(.post, "client/dynamic_config")
  package static let authToken = Route(.post, "auth/token")
  package static let apiKey = Route(.get, "auth/apikey/me")
  package static let revokeAPIKey = Route(.delete, "auth/apikey/me")
  package static let createSession = Route(.post, "create_session")
  package static let heartbeat = Route(.post, "session_heartbeat")
  package static let finishSession = Route(.post, "sessions/{session}/finish")
  package static let capabilities = Route(.get, "get_server_capabilities")
  package static let health = Route(.get, "healthz")
  package static let createModel = Route(.post, "create_model")
  package static let modelInfo = Route(.post, "get_info")
  package static let forwardBackward = Route(.post, "forward_backward")
  /// A forward pass in the older form.
  package static let forward = Route(.post, "forward")
  package static let optimStep = Route(.post, "optim_step")
  package static let saveWeights = Route(.post, "save_weights")
  package static let saveWeightsForSampler = Route(.post, "save_weights_for_sampler")
  package static let saveWeightsExternal = Route(.post, "save_weights_external")
  package static let loadWeights = Route(.post, "load_weights")
  package static let unloadModel = Route(.post, "unload_model")
  package static let createCustomLoss = Route(.post, "create_custom_loss")
  package static let createSamplingSession = Route(.post, "create_sampling_session")
  package static let joinSamplingSession = Route(.post, "join_sampling_session")
  package static let sampler = Route(.get, "samplers/{sampler}")
  package static let sample = Route(.post, "asample")
  package static let retrieveFuture = Route(.post, "retrieve_future")
  package static let retrieveFutures = Route(.post, "retrieve_futures")
  package static let cancelFuture = Route(.post, "cancel_future")
  package static let weightsInfo = Route(.post, "weights_info")
  package static let copyWeights = Route(.post, "copy_weights")
  package static let searchSessions = Route(.post, "sessions/search")
  package static let trainingRuns = Route(.get, "training_runs")
  package static let trainingRun = Route(.get, "training_runs/{run}")
  package static let runCheckpoints = Route(.get, "training_runs/{run}/checkpoints")
  package static let checkpoints = Route(.get, "checkpoints")
  package static let deleteCheckpoint = Route(
    .delete, "training_runs/{run}/checkpoints/{kind}/{name}")
  package static let publishCheckpoint = Route(
    .post, "training_runs/{run}/checkpoints/{kind}/{name}/publish")
  package static let unpublishCheckpoint = Route(
    .delete, "training_runs/{run}/checkpoints/{kind}/{name}/publish")
  package static let checkpointTimeToLive = Route(
    .put, "training_runs/{run}/checkpoints/{kind}/{name}/ttl")
  package static let externalWeightsURLs = Route(
    .get, "training_runs/{run}/checkpoints/{kind}/{name}/external_weights_urls")
  package static let sessions = Route(.get, "sessions")
  package static let session = Route(.get, "sessions/{session}")
  package static let sessionProject = Route(.put, "sessions/{session}/project")
  package static let sessionTrace = Route(.get, "sessions/{session}/trace_export")
  package static let telemetry = Route(.post, "telemetry")

  /// Every endpoint. Fixed segments come before parameters, so the first match is the right one.
  package static let all: [Route] = [
    clientConfig, dynamicConfig, authToken, apiKey, revokeAPIKey, createSession, heartbeat,
    finishSession, capabilities, health, createModel, modelInfo, forwardBackward, forward,
    optimStep,
    saveWeights, saveWeightsForSampler, saveWeightsExternal, loadWeights, unloadModel,
    createCustomLoss, createSamplingSession,
    joinSamplingSession, sampler, sample, retrieveFuture, retrieveFutures, cancelFuture,
    weightsInfo, copyWeights, searchSessions, trainingRuns, trainingRun, runCheckpoints,
    checkpoints, deleteCheckpoint, publishCheckpoint, unpublishCheckpoint, checkpointTimeToLive,
    externalWeightsURLs, sessions, session, sessionProject, sessionTrace, telemetry,
  ]

  /// The endpoint of a request with its parameters, or `nil`.
  package static func match(
    _ method: String, _ path: String
  ) -> (route: Route, parameters: [String])? {
    for route in all where route.method.rawValue == method {
      if let parameters = route.parameters(of: path) { return (route, parameters) }
    }
    return nil
  }
}

/// Content types of bodies.
package enum ContentType {
  package static let json = "application/json"
  package static let protobuf = "application/x-protobuf"
}
