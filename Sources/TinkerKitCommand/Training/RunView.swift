import Synchronization
import TinkerFiles
import TinkerKit

/// Tells on standard error how a run goes: a line for every twentieth of it.
final class RunView: RunObserver {
  private let isQuiet: Bool
  private let state = Mutex((total: 0, every: 1))
  private let losses = Mutex<[Double]>([])

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  func observe(_ event: RunEvent) {
    switch event {
    case .started(let run):
      state.withLock { $0 = (run.totalSteps, max(1, run.totalSteps / 20)) }
      let start = run.firstStep == 0 ? "" : " from step \(run.firstStep)"
      write("\(run.recipe) on \(run.baseModel), \(run.totalSteps) steps\(start)")
    case .step(let step):
      let (total, every) = state.withLock { $0 }
      if let loss = step[Self.curve], loss.isFinite { losses.withLock { $0.append(loss) } }
      guard step.step % every == 0 || step.step + 1 >= total else { return }
      write("step \(step.step): " + Self.line(step))
    case .checkpoint(let record):
      write("checkpoint \(record.name): \(record.samplerPath ?? record.statePath ?? "")")
    case .note(let sentence): write(sentence)
    case .ended:
      let losses = losses.withLock { $0 }
      if losses.count > 1 { write("\(Self.curve) \(Self.blocks(losses))") }
    case .sample: break
    }
  }

  private func write(_ line: String) {
    if !isQuiet { Terminal.writeMessage(line + "\n") }
  }

  /// The numbers that matter in a line, in this order.
  private static let shown = [
    "train_mean_nll", "env/all/reward/total", "dpo_loss", "accuracy", "margin", "teacher_kl",
    "kl_policy_base", "test/exact", "optim/grad_norm", "time/total",
  ]

  /// What is drawn at the end.
  private static let curve = "train_mean_nll"

  /// A curve in one line: the mean of every sixtieth part, from the lowest block to the highest.
  private static func blocks(_ values: [Double]) -> String {
    let width = min(60, values.count)
    let means = (0..<width).map { column in
      let part = values[(column * values.count / width)..<((column + 1) * values.count / width)]
      return part.reduce(0, +) / Double(part.count)
    }
    guard let least = means.min(), let most = means.max(), most > least else { return "" }
    let letters = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    return means.map { letters[Int((($0 - least) / (most - least) * 7).rounded())] }.joined()
  }

  private static func line(_ step: StepMetrics) -> String {
    shown.compactMap { name in step[name].map { "\(name) \(rounded($0))" } }
      .joined(separator: ", ")
  }

  private static func rounded(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    return "\((value * 10_000).rounded() / 10_000)"
  }
}
