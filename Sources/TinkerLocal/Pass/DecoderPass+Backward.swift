extension DecoderPass {
  /// Gradients of one layer's inner values, `N` rows each; layers share the memory.
  private struct LayerGradients {
    let gated, dGateUp, postNormed, dPostNormed, dMiddle, dAttended: Matrix
    let dRotated, dProjected, inputNormed, dInputNormed: Matrix
    let dDownLow, dGateUpLow, dOutputLow, dAttentionLow: Matrix

    init(_ pass: DecoderPass, _ layer: Int, rows: Int) {
      let c = pass.configuration
      let a = pass.adapters?.layers[layer]
      func matrix(_ part: String, _ columns: Int) -> Matrix {
        pass.arena.matrix("backward " + part, rows: rows, columns: columns)
      }
      gated = matrix("gated", c.intermediateSize)
      dGateUp = matrix("gate up", 2 * c.intermediateSize)
      postNormed = matrix("post normed", c.hiddenSize)
      dPostNormed = matrix("d post normed", c.hiddenSize)
      dMiddle = matrix("middle", c.hiddenSize)
      dAttended = matrix("attended", c.queryWidth)
      dRotated = matrix("rotated", c.queryWidth + c.keyWidth)
      dProjected = matrix("projected", c.attentionWidth)
      inputNormed = matrix("input normed", c.hiddenSize)
      dInputNormed = matrix("d input normed", c.hiddenSize)
      dDownLow = matrix("down low", a?.down?.width ?? 0)
      dGateUpLow = matrix("gate up low", a?.gateUp?.width ?? 0)
      dOutputLow = matrix("output low", a?.output?.width ?? 0)
      dAttentionLow = matrix("attention low", a?.attention?.width ?? 0)
    }
  }

  /// Whether all weights are trained themselves.
  var trainsWeights: Bool { weights.values != nil && adapters == nil }

  /// Goes back through the layers and adds the gradients of what is trained.
  ///
  /// - Parameters:
  ///   - trace: What the forward pass left, with its tapes.
  ///   - d: The gradient of the residual stream after the last layer, `[N, hidden]`; used up.
  ///   - gradients: The flat buffer that takes the gradients, in the layout of the adapters or, in full
  ///     training, of the weights.
  /// - Throws: `CancellationError` between layers when the task is cancelled.
  package func backward(_ trace: Trace, from d: Matrix, into gradients: FloatBuffer) throws {
    let lowest =
      trainsWeights
      ? 0 : adapters?.layers.firstIndex { !$0.isEmpty } ?? configuration.layers
    for layer in stride(from: configuration.layers - 1, through: lowest, by: -1) {
      try Task.checkCancellation()
      let inner = LayerGradients(self, layer, rows: trace.batch.count)
      backwardGate(layer, trace.tapes[layer], d, inner, gradients)
      let isLast = layer == lowest && !trainsWeights
      if isLast && adapters?.layers[layer].attention == nil { break }
      attendBackward(
        trace.batch.sequences, trace.tapes[layer], dAttended: inner.dAttended,
        dRotated: inner.dRotated, dProjected: inner.dProjected)
      backwardAttention(layer, trace, d, inner, gradients, isLast: isLast)
    }
    if trainsWeights {
      let table = weights.matrix(ParameterNames(configuration).embedding.name, in: gradients)
      for (row, token) in trace.batch.tokens.enumerated() {
        compute.kernel.add(d.rows(row..<row + 1), to: table.rows(Int(token)..<Int(token) + 1))
      }
    }
  }

  /// Down, gate and up, the second norm, and the output of attention.
  private func backwardGate(
    _ layer: Int, _ tape: LayerTape, _ d: Matrix, _ inner: LayerGradients, _ gradients: FloatBuffer
  ) {
    let w = weights.layers[layer]
    let a = adapters?.layers[layer]
    let kernel = compute.kernel
    let rows = d.rows
    compute.pool.runRows(
      rows, block: Self.block, cost: cost(w.down, w.gateUp, w.output, rows: rows)
    ) { range, worker in
      let count = 0..<range.count
      let gateUp = tape.gateUp.rows(range)
      kernel.silu(inner.gated.rows(range), gateUp)
      let dGated = scratch[worker].gated.rows(count)
      projectBackward(
        w.down, a?.down, d.rows(range), low: inner.dDownLow.rows(range), into: dGated)
      kernel.siluBackward(inner.dGateUp.rows(range), dGated, gateUp)
      let dNormed = inner.dPostNormed.rows(range)
      projectBackward(
        w.gateUp, a?.gateUp, inner.dGateUp.rows(range), low: inner.dGateUpLow.rows(range),
        into: dNormed)
      let middle = tape.middle.rows(range)
      let scales = tape.middleScales.rows(range)
      kernel.rms(
        inner.postNormed.rows(range), middle, weight: w.postNorm, scales: scales,
        eps: configuration.normEpsilon)
      let dMiddle = inner.dMiddle.rows(range)
      dMiddle.copy(from: d.rows(range))
      kernel.rmsBackward(
        addingTo: dMiddle, dNormed, middle, weight: w.postNorm, scales: scales)
      projectBackward(
        w.output, a?.output, dMiddle, low: inner.dOutputLow.rows(range),
        into: inner.dAttended.rows(range))
    }
    run(
      products(
        of: w.down, a?.down, g: d, x: inner.gated, low: tape.downLow, dLow: inner.dDownLow,
        into: gradients)
        + products(
          of: w.gateUp, a?.gateUp, g: inner.dGateUp, x: inner.postNormed, low: tape.gateUpLow,
          dLow: inner.dGateUpLow, into: gradients)
        + products(
          of: w.output, a?.output, g: inner.dMiddle, x: tape.attended, low: tape.outputLow,
          dLow: inner.dOutputLow, into: gradients))
    if trainsWeights {
      let names = ParameterNames(configuration).layer(layer)
      kernel.rmsWeight(
        addingTo: weights.matrix(names.postNorm.name, in: gradients), inner.dPostNormed,
        tape.middle, scales: tape.middleScales)
    }
  }

  /// The rotation, the head norms, queries, keys and values, and the first norm.
  private func backwardAttention(
    _ layer: Int, _ trace: Trace, _ d: Matrix, _ inner: LayerGradients, _ gradients: FloatBuffer,
    isLast: Bool
  ) {
    let c = configuration
    let tape = trace.tapes[layer]
    let w = weights.layers[layer]
    let a = adapters?.layers[layer]
    let kernel = compute.kernel
    let queries = 0..<c.queryWidth
    let keys = c.queryWidth..<c.queryWidth + c.keyWidth
    let keyHeads = c.heads..<c.heads + c.keyValueHeads
    let rows = d.rows
    compute.pool.runRows(rows, block: Self.block, cost: cost(w.attention, rows: rows)) {
      range, _ in
      let dProjected = inner.dProjected.rows(range)
      let dRotated = inner.dRotated.rows(range)
      let projected = tape.projected.rows(range)
      let rotation = trace.rotation.rows(range)
      let headScales = tape.headScales.rows(range)
      kernel.ropeBackward(
        dProjected.columns(queries), dRotated.columns(queries), projected.columns(queries),
        weight: w.queryNorm, scales: headScales.columns(0..<c.heads), rotation: rotation)
      kernel.ropeBackward(
        dProjected.columns(keys), dRotated.columns(keys), projected.columns(keys),
        weight: w.keyNorm, scales: headScales.columns(keyHeads), rotation: rotation)
      let input = tape.input.rows(range)
      let scales = tape.inputScales.rows(range)
      kernel.rms(
        inner.inputNormed.rows(range), input, weight: w.inputNorm, scales: scales,
        eps: c.normEpsilon)
      let dNormed = inner.dInputNormed.rows(range)
      projectBackward(
        w.attention, a?.attention, dProjected, low: inner.dAttentionLow.rows(range),
        into: isLast ? nil : dNormed)
      if isLast { return }
      let d = d.rows(range)
      d.copy(from: inner.dMiddle.rows(range))
      kernel.rmsBackward(addingTo: d, dNormed, input, weight: w.inputNorm, scales: scales)
    }
    run(
      products(
        of: w.attention, a?.attention, g: inner.dProjected, x: inner.inputNormed,
        low: tape.attentionLow, dLow: inner.dAttentionLow, into: gradients))
    guard trainsWeights else { return }
    let names = ParameterNames(c).layer(layer)
    kernel.rmsWeight(
      addingTo: weights.matrix(names.inputNorm.name, in: gradients), inner.dInputNormed, tape.input,
      scales: tape.inputScales)
    let dQuery = weights.matrix(names.queryNorm.name, in: gradients)
    let dKey = weights.matrix(names.keyNorm.name, in: gradients)
    for head in 0..<c.heads + c.keyValueHeads {
      let columns = head * c.headWidth..<(head + 1) * c.headWidth
      kernel.rmsWeight(
        addingTo: head < c.heads ? dQuery : dKey, inner.dRotated.columns(columns),
        tape.projected.columns(columns), scales: tape.headScales.columns(head..<head + 1))
    }
  }
}
