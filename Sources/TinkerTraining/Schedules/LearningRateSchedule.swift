#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// How the learning rate changes over a run.
public enum LearningRateSchedule: String, Sendable, Hashable, CaseIterable {
  /// 1 − s/n: from the base rate down to almost nothing.
  case linear
  /// ½(1 + cos(π s/n)).
  case cosine
  /// 1: always the base rate.
  case constant

  /// What the base rate is multiplied by.
  ///
  /// - Parameters:
  ///   - step: The step, counted from 0.
  ///   - totalSteps: The steps of the whole run.
  /// - Returns: A number from 0 to 1; 1 for a run without steps.
  public func multiplier(step: Int, of totalSteps: Int) -> Double {
    guard totalSteps > 0 else { return 1 }
    let share = Double(step) / Double(totalSteps)
    return switch self {
    case .linear: 1 - share
    case .cosine: 0.5 * (1 + cos(.pi * share))
    case .constant: 1
    }
  }
}
