import TestSupport
import Testing

/// Wrong usage ends with 2, and the message names the option and what was meant.
@Suite struct WrongUsageTests {
  struct Case: CustomTestStringConvertible {
    let arguments: [String]
    let message: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let cases = [
    Case(
      arguments: ["rendr", "x"],
      message: "tinkerkit: there is no command 'rendr' (did you mean 'render'?)"),
    Case(
      arguments: ["checkpoint", "lst"],
      message: "tinkerkit: there is no command 'lst' (did you mean 'list'?)"),
    Case(
      arguments: ["render", "x", "--tokenzer", "y"],
      message: "Unknown option '--tokenzer'. Did you mean '--tokenizer'?"),
    Case(arguments: ["render", Tool.demo], message: "no tokenizer is given: use --tokenizer"),
    Case(arguments: ["render"] + Tool.rendering, message: "Missing expected argument"),
    Case(
      arguments: ["render", Tool.demo] + Tool.qwen3,
      message: "no renderer is given: use --renderer, or --model"),
    Case(
      arguments: ["render", Tool.demo, "-r", "qwne3"] + Tool.qwen3,
      message: "there is no renderer 'qwne3' (did you mean 'qwen3'?)"),
    Case(
      arguments: ["render", Tool.demo, "-r", "nonsense"] + Tool.qwen3,
      message: "there is no renderer 'nonsense'; the renderers are: role_colon, llama3"),
    Case(
      arguments: ["render", Tool.demo, "--renderer-option", "strip=1"] + Tool.rendering,
      message: "has no option 'strip'; it has strip_thinking_from_history"),
    Case(
      arguments: ["render", Tool.demo, "--renderer-option", "strip"] + Tool.rendering,
      message: "has the form KEY=VALUE, not 'strip'"),
    Case(
      arguments: ["render", Tool.demo, "--format", "npz"] + Tool.rendering,
      message: "'npz' is invalid for '--format"),
    Case(
      arguments: ["render", Tool.demo, "--shard", "3/3"] + Tool.rendering,
      message: "'3/3' is invalid for '--shard"),
    Case(
      arguments: ["render", Tool.demo, "--too-long", "drop"] + Tool.rendering,
      message: "--too-long has no effect without --max-length"),
    Case(
      arguments: ["render", Tool.demo, "--rejects", "r"] + Tool.rendering,
      message: "have no effect without --keep-going"),
    Case(
      arguments: ["render", Tool.demo, "--keep-going", "-o", "x", "--rejects", "x"]
        + Tool.rendering, message: "--output and --rejects name the same file"),
    Case(
      arguments: ["render", Tool.demo, "--dry-run", "-o", "x"] + Tool.rendering,
      message: "--dry-run writes nothing"),
    Case(
      arguments: ["render", Tool.demo, "--json"] + Tool.rendering,
      message: "--json needs standard output for itself"),
    Case(arguments: ["render", Tool.demo, "--jobs", "0"] + Tool.rendering, message: "--jobs is 0"),
    Case(
      arguments: ["show", Tool.demo, "--json", "--ids"] + Tool.rendering,
      message: "--json prints all tokens"),
    Case(
      arguments: ["encode", "--text", "a", "file"] + Tool.qwen3,
      message: "--text stands for the input"),
    Case(
      arguments: ["encode", "--text", "a", "--special", "all"] + Tool.qwen3,
      message: "'all' is invalid for '--special"),
    Case(
      arguments: ["worker", "--renderer", "qwen3"], message: "a renderer needs a tokenizer"),
    Case(
      arguments: ["worker", "--renderer-option", "a=b"] + Tool.qwen3,
      message: "--renderer-option needs --renderer or --model"),
    Case(
      arguments: ["prompt", Tool.demo, "--ids", "--json"] + Tool.rendering,
      message: "--ids and --json exclude each other"),
  ]

  @Test(arguments: cases)
  func endsWithTwo(wrong: Case) throws {
    let outcome = try Tool.run(wrong.arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.messages.contains(wrong.message), "\(outcome.messages)")
  }
}
