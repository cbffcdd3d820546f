internal import TinkerFiles
internal import TinkerRendering

/// Shows a run on standard error: on a terminal a curve, a bar and the newest numbers, which change in
/// place; elsewhere a line now and then.
public actor TerminalRunView: RunObserver {
  /// At least so many seconds lie between two changes of the picture.
  private static let interval = 0.1
  /// Without a terminal there are about so many lines in a run.
  private static let plainLines = 20
  private static let curveHeight = 8
  /// What is drawn: the first of these that a run has.
  private static let drawn = ["env/all/reward/total", "dpo_loss", "teacher_kl", "train_mean_nll"]
  private static let shown = [
    "train_mean_nll", "train_mean_bpb", "dpo_loss", "accuracy", "margin", "env/all/reward/total",
    "teacher_kl", "test/exact", "kl_policy_base", "optim/kl_sample_train_v1", "learning_rate",
  ]

  private let write: @Sendable (String) -> Void
  private let width: Int
  private let isLive: Bool
  private var run: RunDescription?
  private var steps: [StepMetrics] = []
  private var begin = 0.0
  private var lastDraw = 0.0
  private var height = 0

  /// A view of standard error.
  public init() {
    self.init(
      isLive: Terminal.isTerminal(.standardError),
      width: Terminal.width(of: .standardError) ?? 80
    ) { Terminal.writeMessage($0) }
  }

  package init(isLive: Bool, width: Int, write: @escaping @Sendable (String) -> Void) {
    self.isLive = isLive
    self.width = max(40, min(width, 120))
    self.write = write
  }

  /// Shows what happened.
  public func observe(_ event: RunEvent) {
    switch event {
    case .started(let run):
      self.run = run
      begin = Machine.uptime
      message(
        "\(run.recipe) of \(run.baseModel): \(run.totalSteps) steps"
          + (run.firstStep > 0 ? ", from step \(run.firstStep)" : ""))
    case .step(let step):
      steps.append(step)
      if isLive { draw(isForced: false) } else { printLine(step) }
    case .sample: break
    case .checkpoint(let record):
      message("checkpoint \(record.name): \(record.samplerPath ?? record.statePath ?? "")")
    case .note(let note): message(note)
    case .ended(let ending):
      if isLive { draw(isForced: true) } else { write(curveLines.map { $0 + "\n" }.joined()) }
      // The picture stays.
      height = 0
      write(VisibleText.flat(sentence(of: ending)) + "\n")
    }
  }

  // MARK: Text

  /// A sentence above the picture.
  private func message(_ text: String) {
    clear()
    write(VisibleText.flat(text) + "\n")
    draw(isForced: true)
  }

  private func sentence(of ending: RunEnding) -> String {
    switch ending {
    case .finished: "finished in \(Figure.duration(Machine.uptime - begin))"
    case .interrupted(let record):
      "interrupted" + (record.map { ", saved as \($0.name)" } ?? "")
    case .failed(let why): "failed: \(why)"
    }
  }

  private func printLine(_ step: StepMetrics) {
    guard let run else { return }
    let every = max(1, run.totalSteps / Self.plainLines)
    guard (step.step + 1) % every == 0 || step.step + 1 >= run.totalSteps else { return }
    write("step \(step.step + 1) of \(run.totalSteps)  \(numbers(of: step))\n")
  }

  private func numbers(of step: StepMetrics) -> String {
    var parts = Self.shown.compactMap { name in
      step[name].map { "\(name) \(Figure.text($0))" }
    }
    if let tokens = step["num_tokens"], let time = step["time/total"], time > 0 {
      parts.append("\(Figure.text(tokens / time, digits: 3)) tokens/s")
    }
    return parts.joined(separator: "  ")
  }

  // MARK: The picture

  private func clear() {
    guard height > 0 else { return }
    write("\u{1B}[\(height)A\r\u{1B}[J")
    height = 0
  }

  private func draw(isForced: Bool) {
    guard isLive, let run, let last = steps.last else { return }
    let now = Machine.uptime
    guard isForced || now - lastDraw >= Self.interval else { return }
    lastDraw = now
    var lines = curveLines
    let done = last.step + 1
    let elapsed = now - begin
    let made = max(1, done - run.firstStep)
    let left = elapsed / Double(made) * Double(max(0, run.totalSteps - done))
    let share = run.totalSteps > 0 ? min(1, Double(done) / Double(run.totalSteps)) : 1
    lines.append(
      "\(Self.bar(share)) \(done)/\(run.totalSteps)  \(Figure.duration(elapsed)), "
        + "\(Figure.duration(left)) left")
    lines.append(numbers(of: last))
    clear()
    write(lines.map { String($0.prefix(width - 1)) }.joined(separator: "\n") + "\n")
    height = lines.count
  }

  /// The curve of the number that matters most, under its name.
  private var curveLines: [String] {
    guard let name = Self.drawn.first(where: { name in steps.contains { $0[name] != nil } }) else {
      return []
    }
    let curve = Curve(name: name, of: steps)
    guard curve.points.count > 1 else { return [] }
    return [name] + TerminalCurve(width: width - 12, height: Self.curveHeight).lines(of: curve)
  }

  private static func bar(_ share: Double) -> String {
    let width = 30
    let full = Int(share * Double(width))
    return String(repeating: "━", count: full) + String(repeating: "╌", count: width - full)
  }
}
