import TinkerData
import TinkerWire
import Testing

@Suite struct RouteTests {
  @Test func pathsKeepColonsAndEscapeTheRest() {
    #expect(
      Route.publishCheckpoint.path("s:train:0", "weights", "a b/ü")
        == "/api/v1/training_runs/s:train:0/checkpoints/weights/a%20b%2F%C3%BC/publish")
    let match = Route.match(
      "POST", "/api/v1/training_runs/s:train:0/checkpoints/weights/a%20b%2F%C3%BC/publish")
    #expect(match?.route == .publishCheckpoint)
    #expect(match?.parameters == ["s:train:0", "weights", "a b/ü"])
    #expect(
      Route.match("DELETE", "/api/v1/training_runs/r/checkpoints/weights/a")?.route
        == .deleteCheckpoint)
    #expect(Route.match("GET", "/api/v1/nothing") == nil)
    #expect(Route.match("GET", "/api/v1/samplers/%zz") == nil)
    #expect(Route.match("GET", "/api/v1/samplers/") == nil)
  }

  @Test func everyRouteMatchesItself() {
    for route in Route.all {
      let path =
        Route.prefix
        + route.template.split(separator: "/").map { part in
          part.first == "{" ? "x" : String(part)
        }.joined(separator: "/")
      #expect(Route.match(route.method.rawValue, path)?.route == route, "\(route.template)")
    }
  }

  @Test func checkpointPathsHaveThreeParts() throws {
    let path = try CheckpointPath("tinker://s:train:0/sampler_weights/step-1")
    #expect(path.kind == .sampler)
    #expect(path.checkpointID == "sampler_weights/step-1")
    #expect(path.description == "tinker://s:train:0/sampler_weights/step-1")
    for bad in [
      "", "tinker://r/weights/", "tinker:///weights/a", "tinker://r/weights/a/b", "x://r/weights/a",
    ] {
      #expect(throws: DataError.self) { try CheckpointPath(bad) }
    }
  }
}
