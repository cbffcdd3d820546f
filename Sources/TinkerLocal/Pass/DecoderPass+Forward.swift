extension DecoderPass {
  /// What a forward pass leaves.
  package struct Trace {
    /// One tape a layer, or the same one for all if no backward pass follows.
    let tapes: [LayerTape]
    /// The rotation of each row.
    let rotation: Rotation
    /// The residual stream after the last layer, `[N, hidden]`.
    package let output: Matrix
    /// The rows of each sequence.
    let batch: TokenBatch
  }

  /// Runs the layers over a batch.
  ///
  /// - Parameters:
  ///   - batch: The sequences; at least one row.
  ///   - keepsTapes: Whether a backward pass follows.
  ///   - visit: Called after the attention of each layer, for example to fill a cache of keys and values.
  /// - Returns: What the head and the backward pass need. Valid until the next pass.
  /// - Throws: `CancellationError` between layers when the task is cancelled.
  package func forward(
    _ batch: TokenBatch, keepsTapes: Bool,
    visit: (_ layer: Int, _ tape: LayerTape) -> Void = { _, _ in }
  ) throws -> Trace {
    let c = configuration
    let rows = batch.count
    let rotation = rotations.rotation(of: batch.positions, in: arena)
    let output = arena.matrix("output", rows: rows, columns: c.hiddenSize)
    var tapes: [LayerTape] = []
    for layer in 0..<c.layers {
      tapes.append(
        LayerTape(
          keepsTapes ? layer : 0, rows: rows, configuration: c, adapters: adapters?.layers[layer],
          in: arena))
    }
    embed(batch, into: tapes.first?.input ?? output)
    for layer in 0..<c.layers {
      try Task.checkCancellation()
      let tape = tapes[layer]
      let next = layer + 1 < c.layers && keepsTapes ? tapes[layer + 1].input : output
      compute.pool.runRows(
        rows, block: Self.block, cost: cost(weights.layers[layer].attention, rows: rows)
      ) { range, worker in
        self.beginLayer(layer, tape, rotation, range, worker)
      }
      attend(batch.sequences, tape)
      visit(layer, tape)
      compute.pool.runRows(
        rows, block: Self.block,
        cost: cost(weights.layers[layer].gateUp, weights.layers[layer].down, rows: rows)
      ) { range, worker in
        self.finishLayer(layer, tape, into: next, range, worker)
      }
      for (offset, image) in batch.images where layer < image.deepFeatures.count {
        compute.kernel.add(image.deepFeatures[layer], to: next.rows(image.rows(from: offset)))
      }
      if !keepsTapes && layer + 1 < c.layers { tapes[layer + 1].input.copy(from: output) }
    }
    return Trace(tapes: tapes, rotation: rotation, output: output, batch: batch)
  }

  /// x = E[token], and the images' features.
  func embed(_ batch: TokenBatch, into x: Matrix) {
    for (row, token) in batch.tokens.enumerated() { embed(token, into: x.rows(row..<row + 1)) }
    for (offset, image) in batch.images {
      x.rows(image.rows(from: offset)).copy(from: image.features)
    }
  }

  /// One row of the embedding.
  func embed(_ token: UInt32, into row: Matrix) {
    if let embedding = weights.embedding {
      row.copy(from: embedding.rows(Int(token)..<Int(token) + 1))
    } else {
      row.copyRow(fromColumn: weights.head.forward.column(Int(token)))
    }
  }

  /// Norm, queries, keys, values, head norms and rotation of some rows.
  func beginLayer(
    _ layer: Int, _ tape: LayerTape, _ rotation: Rotation, _ range: Range<Int>, _ worker: Int
  ) {
    let c = configuration
    let w = weights.layers[layer]
    let kernel = compute.kernel
    let normed = scratch[worker].normed.rows(0..<range.count)
    kernel.rms(
      normed, tape.input.rows(range), weight: w.inputNorm, scales: tape.inputScales.rows(range),
      eps: c.normEpsilon)
    let projected = tape.projected.rows(range)
    project(
      w.attention, adapters?.layers[layer].attention, normed, low: tape.attentionLow.rows(range),
      into: projected, adding: false)
    let keys = c.queryWidth..<c.queryWidth + c.keyWidth
    let rotated = tape.rotated.rows(range)
    let scales = tape.headScales.rows(range)
    kernel.rope(
      rotated.columns(0..<c.queryWidth), projected.columns(0..<c.queryWidth), weight: w.queryNorm,
      scales: scales.columns(0..<c.heads), rotation: rotation.rows(range), eps: c.normEpsilon)
    kernel.rope(
      rotated.columns(keys), projected.columns(keys), weight: w.keyNorm,
      scales: scales.columns(c.heads..<c.heads + c.keyValueHeads), rotation: rotation.rows(range),
      eps: c.normEpsilon)
  }

  /// The output of attention, and the gated part of the layer, of some rows.
  func finishLayer(
    _ layer: Int, _ tape: LayerTape, into out: Matrix, _ range: Range<Int>, _ worker: Int
  ) {
    let c = configuration
    let w = weights.layers[layer]
    let a = adapters?.layers[layer]
    let kernel = compute.kernel
    let middle = tape.middle.rows(range)
    middle.copy(from: tape.input.rows(range))
    project(
      w.output, a?.output, tape.attended.rows(range), low: tape.outputLow.rows(range),
      into: middle, adding: true)
    let normed = scratch[worker].normed.rows(0..<range.count)
    kernel.rms(
      normed, middle, weight: w.postNorm, scales: tape.middleScales.rows(range),
      eps: c.normEpsilon)
    let gateUp = tape.gateUp.rows(range)
    project(
      w.gateUp, a?.gateUp, normed, low: tape.gateUpLow.rows(range), into: gateUp, adding: false)
    let gated = scratch[worker].gated.rows(0..<range.count)
    kernel.silu(gated, gateUp)
    let out = out.rows(range)
    out.copy(from: middle)
    project(w.down, a?.down, gated, low: tape.downLow.rows(range), into: out, adding: true)
  }
}
