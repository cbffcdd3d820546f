import ArgumentParser

/// `tinkerkit train`
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model: supervised, by reinforcement, or from preferences.",
    discussion: """
      Example:
        tinkerkit train sft Fixtures/training/facts.jsonl --local -o run \\
          -t Fixtures/tokenizers/tiny-qwen3 -r qwen3_instruct --steps 150

      The folder of the run gets config.json (all settings), metrics.jsonl, checkpoints.jsonl, a page \
      with curves and samples (report.html) and TensorBoard's event files. \
      Ctrl-C finishes the steps that have begun, saves, and prints the command that goes on.
      """,
    subcommands: [TrainSFT.self, TrainRL.self, TrainDPO.self])
}
