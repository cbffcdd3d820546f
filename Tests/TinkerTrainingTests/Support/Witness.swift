import Synchronization
import TinkerTraining

/// Keeps everything that happens in a run.
final class Witness: RunObserver {
  private let kept = Mutex<[RunEvent]>([])

  func observe(_ event: RunEvent) { kept.withLock { $0.append(event) } }

  var steps: [StepMetrics] {
    kept.withLock { $0.compactMap { if case .step(let step) = $0 { step } else { nil } } }
  }

  var checkpoints: [CheckpointRecord] {
    kept.withLock { $0.compactMap { if case .checkpoint(let record) = $0 { record } else { nil } } }
  }

  var ending: RunEnding? {
    kept.withLock { $0.compactMap { if case .ended(let ending) = $0 { ending } else { nil } }.last }
  }

  /// A number of every step that has it.
  func curve(_ name: String) -> [Double] { steps.compactMap { $0[name] } }
}

/// Stops a run's task after a number of steps.
final class Stopper: RunObserver {
  private let after: Int
  private let stop: @Sendable () -> Void

  init(after: Int, stop: @escaping @Sendable () -> Void) {
    self.after = after
    self.stop = stop
  }

  func observe(_ event: RunEvent) {
    if case .step(let step) = event, step.step + 1 == after { stop() }
  }
}
