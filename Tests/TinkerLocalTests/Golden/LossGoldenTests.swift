import Testing
import TinkerData
import TinkerJSON
import TinkerLocal

@Suite struct LossGoldenTests {
  @Test(.enabled(if: Shared.isPresent, Shared.reason), arguments: [1, 2])
  func lossesAndAdapterGradients(threads: Int) throws {
    let compute = Compute(threads: threads)
    let stored = try Safetensors(path: Shared.engine + "/lora_grads.safetensors")
    var differences = Differences()
    var cases = 0
    for row in try Shared.rows("losses.jsonl") {
      let id = row[at: "id"].text ?? ""
      let model = try GoldenModel(row[at: "model"].text ?? "", adapter: row[at: "adapter"].text)
      let learner = Learner(model.pass(compute))
      let loss = try GoldenData.loss(row)
      let examples = try GoldenData.examples(
        row[at: "data"].array ?? [], loss, vocabulary: model.weights.configuration.vocabularySize)
      let forward = try learner.run(examples, loss: loss, learns: false)
      #expect(learner.state.gradients.values.allSatisfy { $0 == 0 })
      let result = try learner.run(examples, loss: loss, learns: true)
      if forward.logprobs != result.logprobs { differences.note(id + ": forward differs") }
      compareLoss(row, result, examples, loss, &differences)
      let norm = row[at: "grad_norm"].double ?? .nan
      differences.compare(
        learner.state.gradientNorm(compute), norm, tolerance: 2e-4 * norm + 2e-4, id + " norm")
      for entry in model.adapters?.layout.entries ?? [] {
        let theirs = try stored.tensor("\(id)|base_model.model.\(entry.name)").values.map(
          Double.init)
        let largest = theirs.map { abs($0) }.max() ?? 0
        let mine = Array(learner.state.gradients.values[entry.range])
        differences.compare(mine, theirs, tolerance: 1e-4 * largest, "\(id) \(entry.name)")
      }
      cases += 1
    }
    #expect(differences.first.isEmpty, "\(differences.first)")
    #expect(cases == 11)
  }

  private func compareLoss(
    _ row: JSONValue, _ result: Learner.Result, _ examples: [Learner.Example], _ loss: Loss,
    _ differences: inout Differences
  ) {
    let id = row[at: "id"].text ?? ""
    let sum = row[at: "loss_sum"].double ?? .nan
    differences.compare(result.loss, sum, tolerance: 2e-4 * abs(sum) + 2e-4, id + " loss")
    for (number, theirs) in (row[at: "logprobs"].array ?? []).enumerated() {
      differences.compare(
        result.logprobs[number], theirs.flat, tolerance: 1e-4, "\(id) logprobs \(number)")
      guard let slopes = row[at: "dloss_dlogprobs"].array?[number].flat else { continue }
      let inputs = examples[number].inputs
      var ratio = 1.0
      if case .gspo = loss { ratio = Loss.sequenceRatio(inputs, result.logprobs[number][...]) }
      let mine = result.logprobs[number].enumerated().map {
        Float(loss.term(inputs, $0.offset, logprob: $0.element, sequenceRatio: ratio).slope)
      }
      let largest = slopes.map { abs($0) }.max() ?? 0
      differences.compare(mine, slopes, tolerance: 1e-4 * max(1, largest), "\(id) slopes \(number)")
    }
  }

  @Test(.enabled(if: Shared.isPresent, Shared.reason))
  func gradientsOfEveryWeight() throws {
    let compute = Compute(threads: 2)
    let stored = try Safetensors(path: Shared.engine + "/full_grads.safetensors")
    var differences = Differences()
    for row in try Shared.rows("full.jsonl") {
      let id = row[at: "id"].text ?? ""
      let model = try GoldenModel(row[at: "model"].text ?? "", isTrained: true)
      let learner = Learner(model.pass(compute))
      let examples = try GoldenData.examples(
        row[at: "data"].array ?? [], .crossEntropy,
        vocabulary: model.weights.configuration.vocabularySize)
      let result = try learner.run(examples, loss: .crossEntropy, learns: true)
      compareLoss(row, result, examples, .crossEntropy, &differences)
      var tensors = 0
      for entry in model.weights.layout.entries {
        let theirs = try stored.tensor("\(id)|\(entry.name)").values.map(Double.init)
        let largest = theirs.map { abs($0) }.max() ?? 0
        differences.compare(
          Array(learner.state.gradients.values[entry.range]), theirs, tolerance: 1e-4 * largest,
          "\(id) \(entry.name)")
        tensors += 1
      }
      #expect(tensors == stored.names.filter { $0.hasPrefix(id + "|") }.count)
    }
    #expect(differences.first.isEmpty, "\(differences.first)")
  }

  @Test(.enabled(if: Shared.isPresent, Shared.reason), arguments: [1, 2])
  func optimizerTrajectories(threads: Int) throws {
    let compute = Compute(threads: threads)
    let stored = try Safetensors(path: Shared.engine + "/optim_final.safetensors")
    var differences = Differences()
    var cases = 0
    for row in try Shared.rows("optim.jsonl") {
      try follow(row, stored, compute, &differences)
      cases += 1
    }
    #expect(differences.first.isEmpty, "\(differences.first)")
    #expect(cases == 5)
  }

  private func follow(
    _ row: JSONValue, _ stored: Safetensors, _ compute: Compute, _ differences: inout Differences
  ) throws {
    let id = row[at: "id"].text ?? ""
    let isFull = row[at: "full"].bool ?? false
    let model = try GoldenModel(
      row[at: "model"].text ?? "", adapter: row[at: "adapter"].text, isTrained: isFull)
    var adapters = model.adapters
    if let lora = row[at: "lora"].object {
      adapters = AdapterSet(
        for: model.weights, rank: lora["rank"]?.int ?? 0, alpha: lora["alpha"]?.double ?? 0
      ) { _ in true }
      adapters?.initialise(seed: UInt64(lora["seed"]?.int ?? 0))
    }
    let learner = Learner(DecoderPass(compute, model.weights, adapters: adapters))
    let loss = try GoldenData.loss(row)
    let examples = try GoldenData.examples(
      row[at: "data"].array ?? [], loss, vocabulary: model.weights.configuration.vocabularySize)
    let adam = row[at: "adam"]
    let params = AdamParams(
      learningRate: adam[at: "learning_rate"].double ?? .nan,
      beta1: adam[at: "beta1"].double ?? .nan,
      beta2: adam[at: "beta2"].double ?? .nan, eps: adam[at: "eps"].double ?? .nan,
      weightDecay: adam[at: "weight_decay"].double ?? .nan,
      gradClipNorm: adam[at: "grad_clip_norm"].double ?? .nan)
    for (number, step) in (row[at: "steps"].array ?? []).enumerated() {
      for (call, datums) in (row[at: "calls"].array ?? []).enumerated() {
        let result = try learner.run(datums.ints.map { examples[$0] }, loss: loss, learns: true)
        let sum = step[at: "loss_sum"].doubles[call]
        differences.compare(
          result.loss, sum, tolerance: 2e-4 * abs(sum) + 2e-4, "\(id) step \(number) loss")
      }
      let norm = try learner.step(params)
      let theirs = step[at: "grad_norm"].double ?? .nan
      differences.compare(
        norm, theirs, tolerance: 2e-4 * theirs + 2e-4, "\(id) step \(number) norm")
    }
    let final = try learner.run(examples, loss: loss, learns: false).loss
    let sum = row[at: "final_loss_sum"].double ?? row[at: "final_loss_sum"].doubles.reduce(0, +)
    differences.compare(final, sum, tolerance: 2e-4 * abs(sum) + 2e-4, id + " final loss")
    for entry in adapters?.layout.entries ?? [] {
      let name = "base_model.model.\(entry.name)"
      let buffers = [
        ("\(id)|\(name)", learner.state.values), ("\(id)|exp_avg|\(name)", learner.state.first),
        ("\(id)|exp_avg_sq|\(name)", learner.state.second),
      ]
      for (key, buffer) in buffers where stored[key] != nil {
        let theirs = try stored.tensor(key).values.map(Double.init)
        let mine = Array(buffer.values[entry.range])
        let largest = theirs.map { abs($0) }.max() ?? 0
        let isValue = key == buffers[0].0
        differences.compare(
          mine, theirs, tolerance: isValue ? 0.01 * params.learningRate : 2e-4 * largest, key)
      }
    }
  }
}
