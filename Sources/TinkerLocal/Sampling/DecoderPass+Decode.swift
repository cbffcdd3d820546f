extension DecoderPass {
  /// A sequence that goes on by one token.
  package struct NextToken {
    /// The token.
    package let token: UInt32
    /// Its place.
    package let time: Int
    /// The keys and values before it.
    package let cache: KeyValueCache

    /// A token after a cache.
    package init(token: UInt32, time: Int, cache: KeyValueCache) {
      self.token = token
      self.time = time
      self.cache = cache
    }
  }

  /// Runs the layers over a prompt and fills a cache.
  ///
  /// - Throws: `CancellationError` between layers when the task is cancelled.
  package func prefill(_ prompt: TokenSequence, into cache: KeyValueCache) throws -> Trace {
    try forward(TokenBatch([prompt]), keepsTapes: false) { layer, tape in
      cache.fill(layer, rotated: tape.rotated, projected: tape.projected)
    }
  }

  /// Runs one token of each of several sequences, at most ``headBlock``, and gives their logits.
  ///
  /// The result of a sequence does not depend on its company, and equals that of a pass over the whole
  /// sequence bit for bit.
  package func decode(_ next: [NextToken]) -> HeadBlock {
    let c = configuration
    let rows = next.count
    let rotation = rotations.rotation(of: next.map { TokenPosition($0.time) }, in: arena)
    let output = arena.matrix("output", rows: rows, columns: c.hiddenSize)
    let longest = next.reduce(0) { max($0, $1.cache.count + 1) }
    let perGroup = c.heads / c.keyValueHeads
    // Rounded up, so that the memory does not grow at every token.
    let width = (longest + 255) / 256 * 256 + 16
    let scores = (0..<compute.pool.threads).map {
      arena.matrix("decode scores", $0, rows: perGroup, columns: width)
    }
    let sums = (0..<compute.pool.threads).map {
      arena.matrix("decode sums", $0, rows: perGroup, columns: 2)
    }
    for layer in 0..<c.layers {
      let tape = LayerTape(
        0, rows: rows, configuration: c, adapters: adapters?.layers[layer], in: arena)
      if layer == 0 {
        for (row, item) in next.enumerated() {
          embed(item.token, into: tape.input.rows(row..<row + 1))
        }
      } else {
        tape.input.copy(from: output)
      }
      compute.pool.runRows(
        rows, block: 6, cost: cost(weights.layers[layer].attention, rows: rows)
      ) { range, worker in
        beginLayer(layer, tape, rotation, range, worker)
      }
      for (row, item) in next.enumerated() {
        item.cache.append(
          layer, rotated: tape.rotated.rows(row..<row + 1),
          projected: tape.projected.rows(row..<row + 1))
      }
      let filled = longest * rows * c.queryWidth * 2
      compute.pool.run(rows * c.keyValueHeads, cost: filled) { piece, worker in
        attendCached(
          row: piece / c.keyValueHeads, group: piece % c.keyValueHeads, layer,
          next[piece / c.keyValueHeads].cache, tape, scores[worker], sums[worker])
      }
      compute.pool.runRows(
        rows, block: 6,
        cost: cost(weights.layers[layer].gateUp, weights.layers[layer].down, rows: rows)
      ) { range, worker in
        finishLayer(layer, tape, into: output, range, worker)
      }
    }
    return head(output)
  }

  private func attendCached(
    row: Int, group: Int, _ layer: Int, _ cache: KeyValueCache, _ tape: LayerTape,
    _ scoreArea: Matrix, _ sumArea: Matrix
  ) {
    let c = configuration
    let perGroup = c.heads / c.keyValueHeads
    // The position itself is in the cache already, but counts only after the last layer.
    let count = cache.count + (layer == c.layers - 1 ? 0 : 1)
    let columns = group * perGroup * c.headWidth..<(group + 1) * perGroup * c.headWidth
    let queries = tape.rotated.columns(columns).row(row, as: perGroup, of: c.headWidth)
    let scores = scoreArea.columns(0..<count)
    let blocks = cache.layers[layer]
    for (index, block) in blocks.enumerated() {
      let start = index * KeyValueBlock.positions
      let end = min(count, start + KeyValueBlock.positions)
      compute.product.multiply(
        into: scores.columns(start..<end), queries, block.keys(group).columns(0..<end - start))
    }
    let sums = Matrix(sumArea.buffer, offset: 0, rows: perGroup, columns: 1, stride: 1)
    let logSums = Matrix(sumArea.buffer, offset: perGroup, rows: perGroup, columns: 1, stride: 1)
    compute.kernel.causalSoftmax(
      scores, sums: sums, logSums: logSums, first: count,
      scale: 1 / Float(c.headWidth).squareRoot())
    let out = tape.attended.columns(columns).row(row, as: perGroup, of: c.headWidth)
    for (index, block) in blocks.enumerated() {
      let start = index * KeyValueBlock.positions
      let end = min(count, start + KeyValueBlock.positions)
      compute.product.multiply(
        into: out, scores.columns(start..<end), transposed: false,
        block.values(group).first(end - start), adding: index > 0)
    }
    compute.kernel.scaleRows(out, byInverseOf: sums)
  }
}
