import Testing
import TinkerClient
import TinkerData

/// The steps that a server of the protocol must pass, with our client. Against any server:
/// `TINKERKIT_TEST_SERVER=http://127.0.0.1:8000 TINKERKIT_TEST_MODEL=tiny-qwen3 swift test --filter EndToEnd`
@Suite(
  .enabled(
    if: EndToEndRun.server != nil,
    "needs a server: TINKERKIT_TEST_SERVER=http://… TINKERKIT_TEST_MODEL=… swift test"))
struct EndToEndTests {
  @Test func everyStep() async throws {
    let run = try #require(EndToEndRun())
    try await run.connect()
    try await run.supervised()
    try await run.reinforcement()
    try await run.customLoss()
    try await run.sampling()
    try await run.resuming()
    try await run.checkpoints()
    try await run.mistakes()
    try await run.endings()
    #expect(run.passed.value == 43, "\(run.passed.value) of 43 steps passed")
  }
}
