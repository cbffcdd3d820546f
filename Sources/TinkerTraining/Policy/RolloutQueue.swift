internal import TinkerData

/// The groups of a run on their way: begun in the order of the data, as many ahead of the training as the limit
/// of staleness allows, and handed out step by step.
///
/// On policy, with a limit of 0, the groups of a step are begun with its weights and handed out in order, so
/// the run can be repeated. With a limit of n, groups of later steps are played while the model trains, and
/// come as they are ready; one that has become older than n steps is dropped and played again.
struct RolloutQueue {
  typealias Tasks = ThrowingTaskGroup<Rollout.Group, any Error>

  let data: any EnvironmentData
  let order: DataOrder
  let groupsPerStep: Int
  let maxStaleness: Int
  /// The number of groups of the whole run.
  let end: Int
  /// The next group to begin.
  private var next: Int
  /// Groups to begin again.
  private var again: [Int] = []
  private var begun = 0

  init(
    data: any EnvironmentData, order: DataOrder, groupsPerStep: Int, maxStaleness: Int,
    steps: Int, firstStep: Int
  ) {
    self.data = data
    self.order = order
    self.groupsPerStep = groupsPerStep
    self.maxStaleness = maxStaleness
    end = steps * groupsPerStep
    next = firstStep * groupsPerStep
  }

  /// The groups of a step.
  ///
  /// - Returns: As many as a step has, and how many were dropped.
  mutating func groups(
    of step: Int, with rollout: Rollout, in tasks: inout Tasks
  ) async throws -> (groups: [Rollout.Group], dropped: Int) {
    var out: [Rollout.Group] = []
    var dropped = 0
    try begin(with: rollout, in: &tasks)
    while out.count < groupsPerStep {
      guard let group = try await tasks.next() else { break }
      begun -= 1
      if step - group.version > maxStaleness {
        dropped += 1
        again.append(group.position)
        try begin(with: rollout, in: &tasks)
      } else {
        out.append(group)
      }
    }
    // What comes now is played with these weights while the model trains.
    if maxStaleness > 0 { try begin(with: rollout, in: &tasks) }
    return (out.sorted { $0.position < $1.position }, dropped)
  }

  private mutating func begin(with rollout: Rollout, in tasks: inout Tasks) throws {
    while begun < groupsPerStep * (maxStaleness + 1), let position = take() {
      let step = position / groupsPerStep
      let group = try data.group(
        at: order.indices(step: step)[position % groupsPerStep])
      tasks.addTask { try await rollout.play(group, position: position) }
      begun += 1
    }
  }

  private mutating func take() -> Int? {
    if !again.isEmpty { return again.removeFirst() }
    guard next < end else { return nil }
    defer { next += 1 }
    return next
  }
}
