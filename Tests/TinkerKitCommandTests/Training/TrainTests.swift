import Foundation
import TestSupport
import Testing
import TinkerJSON

/// The commands that train, on a handful of steps.
@Suite struct TrainTests {
  static let model = [
    "-t", "Fixtures/tokenizers/tiny-qwen3", "-r", "qwen3_instruct",
  ]
  static let facts = "Fixtures/training/facts.jsonl"

  static func withFolder(_ body: (String) throws -> Void) throws {
    let scratch = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    try body(scratch.path)
  }

  @Test func trainsSamplesAndLists() throws {
    try Self.withFolder { folder in
      let local = ["--local", "--state", folder + "/state"] + Self.model
      let outcome = try Tool.run(
        ["train", "sft", Self.facts, "--steps", "2", "--batch-size", "2", "-o", folder + "/run"]
          + local)
      #expect(outcome.status == 0, "\(outcome.messages)")
      #expect(outcome.messages.contains("step 2 of 2  train_mean_nll"))
      let metrics = try jsonLines(URL(filePath: folder + "/run/metrics.jsonl"))
      #expect(metrics.count == 2 && metrics[1]["train_mean_nll"]?.double ?? 0 > 0)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/run")
      #expect(files.contains("report.html"))
      #expect(files.contains { $0.hasPrefix("events.out.tfevents.") })
      let checkpoint = try #require(
        try jsonLines(URL(filePath: folder + "/run/checkpoints.jsonl")).last)
      #expect(checkpoint["final"]?.bool == true && checkpoint["batch"]?.int == 2)
      let path = try #require(checkpoint["sampler_path"]?.text)
      let answer = try Tool.run(
        ["sample", "Hello", "--model-path", path, "--max-tokens", "2", "--json"] + local)
      #expect(answer.status == 0 && answer.text.contains("stop_reason"), "\(answer.messages)")
      let store = ["--local", "--state", folder + "/state"]
      let list = try Tool.run(["checkpoint", "list"] + store)
      #expect(list.text.contains(path))
      #expect(try Tool.run(["checkpoint", "delete", path] + store).status == 0)
      #expect(try !Tool.run(["checkpoint", "list"] + store).text.contains(path))
      // The folder holds a run now, and the run has ended.
      let again = try Tool.run(
        ["train", "sft", Self.facts, "--steps", "2", "-o", folder + "/run"] + local)
      #expect(again.status == 3 && again.messages.contains("holds a run already"))
      let resumed = try Tool.run(["train", "sft", "--resume", folder + "/run"])
      #expect(resumed.status == 3 && resumed.messages.contains("has ended"))
    }
  }

  @Test func dryRunsCount() throws {
    let outcome = try Tool.run(
      ["train", "sft", Self.facts, "--local", "--epochs", "2", "--batch-size", "8", "--dry-run"]
        + Self.model)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(
      outcome.text == """
        {"conversations": 50, "examples": 50, "tokens": 1263, "loss_tokens": 422, "untrained": 0, \
        "cut": 0, "steps": 13, "tokens_of_the_run": 2526}

        """)
  }

  static let mistakes: [(arguments: [String], words: String)] = [
    (["train", "sft", facts, "--dry-run", "--state", "x", "--base-model", "m"], "without --local"),
    (["train", "sft", facts, "--dry-run", "--local", "--base-url", "x"], "with --local"),
    (["train", "sft", facts, "--local"], "--output"),
    (["train", "sft", facts, "--local", "--dry-run", "--epochs", "1", "--steps", "2"], "epochs"),
    (["train", "sft", facts, "--local", "--dry-run", "--eval-every", "2"], "without --eval"),
    (["train", "sft", "--resume", "x", "--steps", "2"], "has its own settings"),
    (["train", "rl", facts, "--local", "--dry-run", "--dro-beta", "1"], "without --loss dro"),
    (["train", "rl", facts, "--local", "--dry-run", "--group-size", "1"], "group_size"),
    (["train", "dpo", facts, "--local", "--dry-run"], "facts.jsonl:1"),
    (
      ["train", "sft", facts, "--dry-run", "--base-model", "openai/gpt-oss-20b"],
      "not yet calibrated"
    ),
  ]

  @Test(arguments: mistakes.indices)
  func mistakesAreNamed(index: Int) throws {
    let (arguments, words) = Self.mistakes[index]
    let isComplete = arguments.contains("--resume")
    let outcome = try Tool.run(arguments + (isComplete ? [] : Self.model))
    #expect(outcome.status == 2 || outcome.status == 3)
    #expect(outcome.messages.contains(words), "\(outcome.messages)")
  }

  @Test func settingsComeFromAFile() throws {
    try Self.withFolder { folder in
      let file = folder + "/settings.json"
      try Data(#"{"batch_sise": 3}"#.utf8).write(to: URL(filePath: file))
      let base =
        ["train", "sft", Self.facts, "--local", "--dry-run", "--config", file] + Self.model
      let wrong = try Tool.run(base)
      #expect(wrong.status == 2 && wrong.messages.contains("did you mean 'batch_size'?"))
      try Data(#"{"batch_size": 5, "epochs": 1}"#.utf8).write(to: URL(filePath: file))
      #expect(try Tool.run(base).text.contains(#""steps": 10,"#))
      // An option wins over the file.
      #expect(try Tool.run(base + ["--batch-size", "25"]).text.contains(#""steps": 2,"#))
    }
  }
}

/// A run that is interrupted from outside.
@Suite struct InterruptedRunTests {
  @Test func savesAndGoesOn() throws {
    try TrainTests.withFolder { folder in
      let run = folder + "/run"
      // The shell waits for the third step, interrupts, and hands on how the run ended.
      let script = """
        tinkerkit train sft \(TrainTests.facts) --local --state \(folder)/state --steps 4000 \
        --batch-size 2 --rank 4 -o \(run) \(TrainTests.model.joined(separator: " ")) &
        while [ "$(cat \(run)/metrics.jsonl 2>/dev/null | wc -l)" -lt 3 ]; do sleep 0.05; done
        kill -TERM $!
        wait $! || echo "status $?"
        """
      let outcome = try BuiltCommand.shell(script, in: Places.package)
      #expect(outcome.text.contains("status 130"), "\(outcome.messages)")
      #expect(
        outcome.messages.contains("to go on: tinkerkit train sft --resume \(run)"),
        "\(outcome.messages)")
      let checkpoint = try #require(
        try jsonLines(URL(filePath: run + "/checkpoints.jsonl")).last)
      #expect(checkpoint["name"]?.text?.hasPrefix("interrupted-") == true)
    }
  }
}
