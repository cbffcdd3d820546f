import TinkerData

/// The samples that wait for the engine: in turn over the samplers, in order within each.
struct SampleLine: Sendable {
  struct Job: Sendable {
    let requestID: String
    let samplerID: String
    let cloneID: Int
    let request: SampleRequest
    let bytes: Int
    /// Told the tokens as they are drawn.
    let progress: (@Sendable (Int, [UInt32]) -> Void)?
  }

  private let capacity: Int
  private var queues: [String: [Job]] = [:]
  /// The samplers with waiting jobs, whose turn is first.
  private var turns: [String] = []
  private var running = 0

  /// A line of which so many sequences are drawn at a time.
  init(capacity: Int) { self.capacity = max(1, capacity) }

  /// The number of waiting jobs.
  var count: Int { queues.values.reduce(0) { $0 + $1.count } }

  mutating func add(_ job: Job) {
    if queues[job.samplerID, default: []].isEmpty { turns.append(job.samplerID) }
    queues[job.samplerID, default: []].append(job)
  }

  /// The next job, if there is room for it. One that is larger than all the room runs alone.
  mutating func start() -> Job? {
    guard let sampler = turns.first, let job = queues[sampler]?.first else { return nil }
    guard running == 0 || running + job.request.numSamples <= capacity else { return nil }
    turns.removeFirst()
    queues[sampler]?.removeFirst()
    if queues[sampler]?.isEmpty == false { turns.append(sampler) } else { queues[sampler] = nil }
    running += job.request.numSamples
    return job
  }

  mutating func end(_ job: Job) { running -= job.request.numSamples }

  /// Takes a job out of the line.
  mutating func remove(_ requestID: String) -> Job? {
    for (sampler, queue) in queues {
      guard let index = queue.firstIndex(where: { $0.requestID == requestID }) else { continue }
      let job = queues[sampler]?.remove(at: index)
      if queues[sampler]?.isEmpty == true {
        queues[sampler] = nil
        turns.removeAll { $0 == sampler }
      }
      return job
    }
    return nil
  }
}
