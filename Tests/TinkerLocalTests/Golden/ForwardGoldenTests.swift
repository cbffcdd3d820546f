import Testing
import TinkerJSON
import TinkerLocal

@Suite struct ForwardGoldenTests {
  @Test(.enabled(if: Shared.isPresent, Shared.reason), arguments: KernelClass.available)
  func logitsAndLogprobs(kernelClass: KernelClass) throws {
    let compute = Compute(kernelClass: kernelClass, threads: 1)
    let stored = try Safetensors(path: Shared.engine + "/forward_logits.safetensors")
    var differences = Differences()
    var rows = 0
    for row in try Shared.rows("forward.jsonl") {
      let id = row[at: "id"].text ?? ""
      let model = try GoldenModel(row[at: "model"].text ?? "", adapter: row[at: "adapter"].text)
      let tokens = row[at: "tokens"].tokens
      let pass = model.pass(compute)
      let trace = try pass.forward(TokenBatch([TokenSequence(tokens)]), keepsTapes: false)
      let head = pass.head(trace.output)
      if let name = row[at: "logits"].text {
        let theirs = try stored.tensor(name).values.map(Double.init)
        differences.compare(head.logits.values, theirs, tolerance: 1e-4, id + " logits")
      }
      let last = tokens.count - 1
      let logSum = Double(head.logSums[last, 0])
      differences.compare(
        logSum, row[at: "last_logsumexp"].double ?? .nan, tolerance: 1e-4, id + " logsumexp")
      for pair in row[at: "last_top3"].array ?? [] {
        let token = pair.array?[0].int ?? 0
        differences.compare(
          Double(head.logits[last, token]) - logSum, pair.array?[1].double ?? .nan,
          tolerance: 1e-4, id + " top 3")
      }
      var targets = RowTargets()
      for index in tokens.indices {
        targets.addRow(index < last ? [Int(tokens[index + 1])] : [])
      }
      differences.compare(
        pass.logprobs(trace, targets), row[at: "prompt_logprobs"].doubles, tolerance: 1e-4,
        id + " prompt logprobs")
      rows += 1
    }
    #expect(differences.first.isEmpty, "\(differences.first)")
    #expect(rows == 24)
  }
}
