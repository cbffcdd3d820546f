import ArgumentParser

/// `tinkerkit train`
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model: supervised, by reinforcement, or from preferences.",
    discussion: """
      Example:
        tinkerkit train sft Fixtures/training/facts.jsonl --local -t Fixtures/tokenizers/tiny-qwen3 \\
          -r qwen3_instruct --steps 150 --batch-size 8 -o run

      The folder of the run gets config.json (all settings), metrics.jsonl and checkpoints.jsonl. \
      Ctrl-C finishes the steps that have begun, saves, and prints the command that goes on.
      """,
    subcommands: [TrainSFT.self, TrainRL.self, TrainDPO.self])
}
