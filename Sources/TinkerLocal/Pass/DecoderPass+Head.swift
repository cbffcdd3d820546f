/// The tokens to score at each row of a batch.
package struct RowTargets {
  /// Where the targets of row i begin in `tokens`; one more at the end.
  package private(set) var starts: [Int] = [0]
  /// The targets of all rows.
  package private(set) var tokens: [Int] = []

  /// No rows.
  package init() {}

  /// Adds a row with its targets.
  package mutating func addRow(_ targets: some Sequence<Int>) {
    tokens += targets
    starts.append(tokens.count)
  }

  /// The places of a row's targets in `tokens`.
  package func range(_ row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }
}

extension DecoderPass {
  /// A block of rows after the head.
  package struct HeadBlock {
    /// The normed rows, `[b, hidden]`.
    let normed: Matrix
    /// The scales of the norm, `[b, 1]`.
    let scales: Matrix
    /// s · A x of the head's adapter.
    let low: Matrix
    /// The logits, `[b, vocabulary]`.
    package let logits: Matrix
    /// log Σ exp of each row's logits, `[b, 1]`.
    package let logSums: Matrix
  }

  /// The rows of a block of the head: at most 256, and at most 64 MB of logits.
  package var headBlock: Int { max(1, min(256, (16 << 20) / configuration.vocabularySize)) }

  /// The logits of some rows of the residual stream, at most ``headBlock``. Valid until the next call.
  package func head(_ x: Matrix) -> HeadBlock {
    let c = configuration
    let kernel = compute.kernel
    let rows = x.rows
    let adapter = adapters?.head
    let block = HeadBlock(
      normed: arena.matrix("head normed", rows: rows, columns: c.hiddenSize),
      scales: arena.matrix("head scales", rows: rows, columns: 1),
      low: arena.matrix("head low", rows: rows, columns: adapter?.width ?? 0),
      logits: arena.matrix("logits", rows: rows, columns: c.vocabularySize),
      logSums: arena.matrix("head log sums", rows: rows, columns: 1))
    let largest = arena.matrix("head largest", rows: rows, columns: 1)
    kernel.rms(
      block.normed, x, weight: weights.finalNorm, scales: block.scales, eps: c.normEpsilon)
    if let adapter {
      compute.product.multiply(into: block.low, block.normed, adapter.aForward)
      kernel.scale(block.low, by: adapter.scale)
    }
    let width = 512
    let columns = (c.vocabularySize + width - 1) / width
    compute.pool.run(columns, cost: cost(weights.head, rows: rows)) { piece, _ in
      let range = piece * width..<min(c.vocabularySize, (piece + 1) * width)
      let logits = block.logits.columns(range)
      compute.product.multiply(into: logits, block.normed, weights.head.forward.columns(range))
      if let adapter {
        compute.product.multiply(
          addingTo: logits, block.low, adapter.bForward[0].columns(range))
      }
    }
    compute.pool.runRows(rows, block: 16, cost: rows * c.vocabularySize * 8) { range, _ in
      kernel.logSumExp(
        block.logits.rows(range), logSums: block.logSums.rows(range),
        largest: largest.rows(range))
    }
    return block
  }

  /// The log-probabilities of targets, in their order.
  package func logprobs(_ trace: Trace, _ targets: RowTargets) -> [Float] {
    var out = [Float](repeating: 0, count: targets.tokens.count)
    for start in stride(from: 0, to: trace.output.rows, by: headBlock) {
      let rows = start..<min(trace.output.rows, start + headBlock)
      if targets.starts[rows.lowerBound] == targets.starts[rows.upperBound] { continue }
      score(head(trace.output.rows(rows)), rows, targets, into: &out)
    }
    return out
  }

  private func score(
    _ block: HeadBlock, _ rows: Range<Int>, _ targets: RowTargets, into out: inout [Float]
  ) {
    for (local, row) in rows.enumerated() {
      for index in targets.range(row) {
        out[index] = block.logits[local, targets.tokens[index]] - block.logSums[local, 0]
      }
    }
  }

  /// Scores targets and goes back through the head.
  ///
  /// - Parameters:
  ///   - trace: What the layers left.
  ///   - targets: The tokens to score.
  ///   - gradients: The flat buffer that takes the head's gradients.
  ///   - slope: The derivative of the loss by a target's log-probability, from the target's place and its
  ///     log-probability; may throw to give up.
  /// - Returns: The log-probabilities, and the gradient of the residual stream after the last layer.
  /// - Throws: What `slope` throws, and `CancellationError` between blocks.
  package func headBackward(
    _ trace: Trace, _ targets: RowTargets, into gradients: FloatBuffer,
    slope: (_ index: Int, _ logprob: Float) throws -> Float
  ) throws -> (logprobs: [Float], gradient: Matrix) {
    var logprobs = [Float](repeating: 0, count: targets.tokens.count)
    let d = arena.matrix(
      "residual gradient", rows: trace.output.rows, columns: trace.output.columns)
    d.clear()
    for start in stride(from: 0, to: trace.output.rows, by: headBlock) {
      try Task.checkCancellation()
      let rows = start..<min(trace.output.rows, start + headBlock)
      if targets.starts[rows.lowerBound] == targets.starts[rows.upperBound] { continue }
      let block = head(trace.output.rows(rows))
      score(block, rows, targets, into: &logprobs)
      var kept: [Int] = []
      var slopes: [[(token: Int, slope: Float)]] = []
      for (local, row) in rows.enumerated() {
        var of: [(token: Int, slope: Float)] = []
        for index in targets.range(row) {
          let value = try slope(index, logprobs[index])
          if value != 0 { of.append((targets.tokens[index], value)) }
        }
        if !of.isEmpty {
          kept.append(local)
          slopes.append(of)
        }
      }
      if kept.isEmpty { continue }
      headBlockBackward(block, kept, slopes, trace.output.rows(rows), d.rows(rows), gradients)
    }
    return (logprobs, d)
  }

  /// Goes back through the head for the rows of a block whose loss depends on them.
  private func headBlockBackward(
    _ block: HeadBlock, _ kept: [Int], _ slopes: [[(token: Int, slope: Float)]], _ x: Matrix,
    _ d: Matrix, _ gradients: FloatBuffer
  ) {
    let c = configuration
    let kernel = compute.kernel
    let adapter = adapters?.head
    let count = 0..<kept.count
    let input = arena.matrix("head input", rows: kept.count, columns: c.hiddenSize)
    for (place, local) in kept.enumerated() {
      input.rows(place..<place + 1).copy(from: x.rows(local..<local + 1))
      if place == local { continue }  // rows move towards the front, so none is overwritten unread
      for matrix in [block.normed, block.scales, block.low, block.logits, block.logSums] {
        matrix.rows(place..<place + 1).copy(from: matrix.rows(local..<local + 1))
      }
    }
    let dLogits = block.logits.rows(count)
    let dLow = arena.matrix("head d low", rows: kept.count, columns: adapter?.width ?? 0)
    let dNormed = arena.matrix("head d normed", rows: kept.count, columns: c.hiddenSize)
    let dInput = arena.matrix("head d input", rows: kept.count, columns: c.hiddenSize)
    dInput.clear()
    compute.pool.runRows(
      kept.count, block: DecoderPass.block, cost: cost(weights.head, rows: kept.count)
    ) { range, _ in
      for place in range {
        let row = dLogits.rows(place..<place + 1)
        let sum = slopes[place].reduce(0) { $0 + $1.slope }
        kernel.softmaxGradient(row, logSum: block.logSums[place, 0], factor: -sum)
        for (token, slope) in slopes[place] { row[0, token] += slope }
      }
      projectBackward(
        weights.head, adapter, dLogits.rows(range), low: dLow.rows(range),
        into: dNormed.rows(range))
      kernel.rmsBackward(
        addingTo: dInput.rows(range), dNormed.rows(range), input.rows(range),
        weight: weights.finalNorm, scales: block.scales.rows(range))
      for place in range {
        d.rows(kept[place]..<kept[place] + 1).copy(from: dInput.rows(place..<place + 1))
      }
    }
    run(
      products(
        of: weights.head, adapter, g: dLogits, x: block.normed.rows(count),
        low: block.low.rows(count), dLow: dLow, into: gradients))
    if trainsWeights {
      let name = ParameterNames(c).finalNorm.name
      kernel.rmsWeight(
        addingTo: weights.matrix(name, in: gradients), dNormed, input,
        scales: block.scales.rows(count))
    }
  }
}
