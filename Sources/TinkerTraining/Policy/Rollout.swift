internal import TinkerData

/// Plays the episodes of a group.
struct Rollout: Sendable {
  let sampler: any SamplingBackend
  let settings: PolicyTraining.Sampling
  let seed: UInt64
  let step: Int

  /// A group that was played.
  struct Group: Sendable {
    let index: Int
    let group: EnvironmentGroup
    var trajectories: [Trajectory]
    var rewards: [Double] { trajectories.map(\.totalReward) }
    /// Whether no episode was better than another.
    var isConstant: Bool { rewards.allSatisfy { $0 == rewards.first } }
  }

  /// Plays all episodes of some groups at once.
  func play(_ groups: [(index: Int, group: EnvironmentGroup)]) async throws -> [Group] {
    let size = settings.groupSize
    var played = try await withThrowingTaskGroup(of: (Int, Int, Trajectory).self) { tasks in
      for (place, group) in groups.enumerated() {
        for sample in 0..<size {
          tasks.addTask {
            let environment = try group.group.environment(sample)
            let trajectory = try await episode(environment, group: place, sample: sample)
            return (place, sample, trajectory)
          }
        }
      }
      let empty = [Trajectory](
        repeating: Trajectory(transitions: []), count: size)
      var out = groups.map { Group(index: $0.index, group: $0.group, trajectories: empty) }
      for try await (place, sample, trajectory) in tasks {
        out[place].trajectories[sample] = trajectory
      }
      return out
    }
    for index in played.indices {
      guard let judge = played[index].group.finalRewards else { continue }
      let rewards = try await judge(played[index].trajectories)
      guard rewards.count == size else {
        throw TrainingError.data(
          place: played[index].group.title, "\(size) final rewards are needed, not \(rewards.count)"
        )
      }
      for (sample, reward) in rewards.enumerated() {
        played[index].trajectories[sample].finalReward = reward
      }
    }
    return played
  }

  private func episode(
    _ start: any Environment, group: Int, sample: Int
  ) async throws -> Trajectory {
    var environment = start
    var out = Trajectory(transitions: [])
    var observation: Observation? = try await environment.start()
    while let now = observation {
      let request = SampleRequest(
        prompt: now.prompt,
        params: SamplingParams(
          maxTokens: settings.maxTokens,
          seed: drawSeed(group: group, sample: sample, turn: out.transitions.count),
          stop: now.stop, temperature: settings.temperature))
      guard let action = try await sampler.sample(request).sequences.first else {
        throw TrainingError.backend("a sample was asked for, and none came")
      }
      let outcome = try await environment.step(action)
      out.transitions.append(
        .init(
          prompt: now.prompt, action: action, reward: outcome.reward, metrics: outcome.metrics))
      observation = outcome.next
    }
    return out
  }

  /// One seed for all would give every prompt the same draws. Some backends keep 31 bits.
  private func drawSeed(group: Int, sample: Int, turn: Int) -> UInt64 {
    var stream = RandomStream(seed: seed, name: "draw:\(step):\(group):\(sample):\(turn)")
    return stream.next() >> 33
  }
}
