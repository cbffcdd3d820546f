internal import TinkerData

/// Plays the episodes of groups with one set of weights.
struct Rollout: Sendable {
  let sampler: any SamplingBackend
  /// The step whose weights these are.
  let version: Int
  let settings: PolicyTraining.Sampling
  let seed: UInt64

  /// A group that was played.
  struct Group: Sendable {
    /// Its place in the order of all groups of the run.
    let position: Int
    /// The step whose weights wrote it.
    let version: Int
    let group: EnvironmentGroup
    var trajectories: [Trajectory]
    var rewards: [Double] { trajectories.map(\.totalReward) }
    /// Whether no episode was better than another.
    var isConstant: Bool { rewards.allSatisfy { $0 == rewards.first } }
  }

  /// Plays all episodes of a group at once.
  func play(_ group: EnvironmentGroup, position: Int) async throws -> Group {
    let size = settings.groupSize
    var trajectories = try await withThrowingTaskGroup(of: (Int, Trajectory).self) { tasks in
      for sample in 0..<size {
        tasks.addTask {
          let environment = try group.environment(sample)
          return (sample, try await episode(environment, position: position, sample: sample))
        }
      }
      var out = [Trajectory](repeating: Trajectory(transitions: []), count: size)
      for try await (sample, trajectory) in tasks { out[sample] = trajectory }
      return out
    }
    if let judge = group.finalRewards {
      let rewards = try await judge(trajectories)
      guard rewards.count == size else {
        throw TrainingError.data(
          place: group.title, "\(size) final rewards are needed, not \(rewards.count)")
      }
      for (sample, reward) in rewards.enumerated() { trajectories[sample].finalReward = reward }
    }
    return Group(position: position, version: version, group: group, trajectories: trajectories)
  }

  private func episode(
    _ start: any TokenEnvironment, position: Int, sample: Int
  ) async throws -> Trajectory {
    var environment = start
    var out = Trajectory(transitions: [])
    var observation: Observation? = try await environment.start()
    while let now = observation {
      let request = SampleRequest(
        prompt: now.prompt,
        params: SamplingParams(
          maxTokens: settings.maxTokens,
          seed: drawSeed(position: position, sample: sample, turn: out.transitions.count),
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
  private func drawSeed(position: Int, sample: Int, turn: Int) -> UInt64 {
    let (step, group) = position.quotientAndRemainder(dividingBy: settings.groupsPerStep)
    var stream = RandomStream(seed: seed, name: "draw:\(step):\(group):\(sample):\(turn)")
    return stream.next() >> 33
  }
}
