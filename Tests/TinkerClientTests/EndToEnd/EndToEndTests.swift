import ClientTestSupport
import Testing
import TinkerClient
import TinkerData

/// The steps that a server of the protocol must pass, with our client. Against any server:
/// `TINKERKIT_TEST_SERVER=http://127.0.0.1:8000 TINKERKIT_TEST_MODEL=tiny-qwen3 swift test --filter EndToEnd`
@Suite(
  .enabled(
    if: Environment.process["TINKERKIT_TEST_SERVER"] != nil,
    "needs a server: TINKERKIT_TEST_SERVER=http://… TINKERKIT_TEST_MODEL=… swift test"))
struct EndToEndTests {
  @Test func everyStep() async throws {
    let run = EndToEndRun(
      server: Environment.process["TINKERKIT_TEST_SERVER"] ?? "",
      apiKey: Environment.process["TINKERKIT_TEST_KEY"] ?? "tml-test",
      model: Environment.process["TINKERKIT_TEST_MODEL"] ?? "tiny-qwen3")
    try await run.run()
    for failure in run.failures { Issue.record("\(failure)") }
    #expect(run.passed == EndToEndRun.stepCount)
  }
}
