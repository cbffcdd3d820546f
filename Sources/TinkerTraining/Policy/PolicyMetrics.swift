internal import TinkerData
internal import TinkerTokenizer

extension StepMetrics {
  /// Adds how old samples were, in steps, and how many groups were too old.
  mutating func addStaleness(_ ages: [Int], dropped: Int) {
    setCount("async/dropped_groups", to: dropped)
    guard let least = ages.min(), let most = ages.max() else { return }
    self["async/staleness_mean"] = Double(ages.reduce(0, +)) / Double(ages.count)
    setCount("async/staleness_min", to: least)
    setCount("async/staleness_max", to: most)
  }

  /// Adds what groups earned, over all of them and under their tags.
  mutating func add(_ groups: [Rollout.Group]) {
    add(groups, prefix: "env/all/")
    let tags = Set(groups.flatMap(\.group.tags)).sorted()
    for tag in tags { add(groups.filter { $0.group.tags.contains(tag) }, prefix: "env/\(tag)/") }
  }

  private mutating func add(_ groups: [Rollout.Group], prefix: String) {
    let episodes = groups.flatMap(\.trajectories)
    guard !episodes.isEmpty else { return }
    let count = Double(episodes.count)
    self[prefix + "reward/total"] = episodes.reduce(0) { $0 + $1.totalReward } / count
    let turns = episodes.reduce(0) { $0 + $1.transitions.count }
    let tokens = episodes.reduce(0) {
      $0 + $1.transitions.reduce(0) { $0 + $1.action.tokens.count }
    }
    self[prefix + "turns_per_episode"] = Double(turns) / count
    self[prefix + "ac_tokens_per_turn"] = turns == 0 ? 0 : Double(tokens) / Double(turns)
    let good = groups.count { $0.isConstant && ($0.rewards.first ?? 0) > 0 }
    let bad = groups.count { $0.isConstant && ($0.rewards.first ?? 0) <= 0 }
    self[prefix + "by_group/frac_all_good"] = Double(good) / Double(groups.count)
    self[prefix + "by_group/frac_all_bad"] = Double(bad) / Double(groups.count)
    self[prefix + "by_group/frac_mixed"] =
      Double(groups.count - good - bad) / Double(groups.count)
    // An environment's numbers: the sum over an episode's turns, averaged over the episodes that have it.
    var sums: [String: (sum: Double, episodes: Int)] = [:]
    for episode in episodes {
      var own: [String: Double] = [:]
      for turn in episode.transitions { own.merge(turn.metrics, uniquingKeysWith: +) }
      for (name, value) in own {
        let before = sums[name] ?? (0, 0)
        sums[name] = (before.sum + value, before.episodes + 1)
      }
    }
    for (name, value) in sums.sorted(by: { $0.key < $1.key }) {
      self[prefix + name] = value.sum / Double(value.episodes)
    }
  }
}

extension RunSample {
  /// The last turn of an episode with everything before it.
  init?(
    _ trajectory: Trajectory, step: Int, group: EnvironmentGroup, advantage: Double,
    tokenizer: Tokenizer
  ) {
    guard let data = try? TrajectoryData(trajectory, advantage: advantage).data.last else {
      return nil
    }
    let whole = FlatInput(data.fullInput).tokens
    let logprobs = data.floats("logprobs")
    let mask = data.floats("mask")
    let tokens = whole.indices.map { index -> Token in
      let isOwn = index > 0 && mask[index - 1] > 0
      return Token(
        id: whole[index], bytes: tokenizer.decodeBytes([whole[index]]),
        logprob: isOwn ? logprobs[index - 1] : nil, advantage: isOwn ? Float(advantage) : nil)
    }
    self.init(
      step: step, title: group.title, tokens: tokens, reward: trajectory.totalReward,
      expected: group.expected)
  }
}
