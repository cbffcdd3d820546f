extension DecoderPass {
  /// The queries that are worked on at once.
  static let queryBlock = 64

  /// The length of a row of scores in memory: not a power of two, which would crowd the cache's sets.
  func scoreStride(_ keys: Int) -> Int { (keys + 15) / 16 * 16 + 16 }

  /// The multiplications of one sequence's scores and sums.
  func attentionCost(_ sequences: [Range<Int>]) -> Int {
    sequences.reduce(0) { $0 + $1.count * $1.count } * configuration.queryWidth
  }

  /// a_i = softmax_{j ≤ i}(q_i·k_j / √width) · v_j; one piece of work is a sequence and a key head.
  func attend(_ sequences: [Range<Int>], _ tape: LayerTape) {
    let groups = configuration.keyValueHeads
    // Arena slots are made here, before threads ask for them.
    let longest = sequences.reduce(0) { max($0, $1.count) }
    let scratch = (0..<compute.pool.threads).map { AttentionScratch(self, worker: $0, longest) }
    compute.pool.run(sequences.count * groups, cost: attentionCost(sequences)) { piece, worker in
      self.attend(sequences[piece / groups], group: piece % groups, tape, scratch[worker])
    }
  }

  private func attend(
    _ rows: Range<Int>, group: Int, _ tape: LayerTape, _ scratch: AttentionScratch
  ) {
    let c = configuration
    let length = rows.count
    let heads = c.heads / c.keyValueHeads
    let key = c.queryWidth + group * c.headWidth
    let value = c.queryWidth + c.keyWidth + group * c.headWidth
    let keys = scratch.panels(0, inner: c.headWidth, outer: length)
    keys.pack(tape.rotated.rows(rows).columns(key..<key + c.headWidth), transposed: true)
    let values = scratch.panels(1, inner: length, outer: c.headWidth)
    values.pack(tape.projected.rows(rows).columns(value..<value + c.headWidth), transposed: false)
    let scale = 1 / Float(c.headWidth).squareRoot()
    for start in stride(from: 0, to: length, by: Self.queryBlock) {
      let end = min(length, start + Self.queryBlock)
      let block = rows.lowerBound + start..<rows.lowerBound + end
      for head in group * heads..<(group + 1) * heads {
        let columns = head * c.headWidth..<(head + 1) * c.headWidth
        let scores = scratch.scores(0, rows: block.count, columns: end)
        compute.product.multiply(
          into: scores, tape.rotated.rows(block).columns(columns), keys.columns(0..<end))
        let sums = scratch.sums(block.count)
        compute.kernel.causalSoftmax(
          scores, sums: sums, logSums: tape.logSums.rows(block).columns(head..<head + 1),
          first: start + 1, scale: scale)
        let out = tape.attended.rows(block).columns(columns)
        compute.product.multiply(into: out, scores, values.first(end))
        compute.kernel.scaleRows(out, byInverseOf: sums)
      }
    }
  }

  /// The gradients of queries, keys and values from that of the heads' outputs.
  ///
  /// - Parameters:
  ///   - sequences: The rows of each sequence.
  ///   - tape: What the forward pass left.
  ///   - dAttended: The gradient of the heads' outputs, `[N, H · width]`.
  ///   - dRotated: Becomes that of rotated queries and keys, `[N, (H + G) · width]`.
  ///   - dProjected: Its value columns become those of the values.
  func attendBackward(
    _ sequences: [Range<Int>], _ tape: LayerTape, dAttended: Matrix, dRotated: Matrix,
    dProjected: Matrix
  ) {
    let groups = configuration.keyValueHeads
    let longest = sequences.reduce(0) { max($0, $1.count) }
    let scratch = (0..<compute.pool.threads).map { AttentionScratch(self, worker: $0, longest) }
    compute.pool.run(sequences.count * groups, cost: attentionCost(sequences)) { piece, worker in
      self.attendBackward(
        sequences[piece / groups], group: piece % groups, tape, dAttended, dRotated, dProjected,
        scratch[worker])
    }
  }

  private func attendBackward(
    _ rows: Range<Int>, group: Int, _ tape: LayerTape, _ dAttended: Matrix, _ dRotated: Matrix,
    _ dProjected: Matrix, _ scratch: AttentionScratch
  ) {
    let c = configuration
    let product = compute.product
    let length = rows.count
    let width = c.headWidth
    let heads = c.heads / c.keyValueHeads
    let key = c.queryWidth + group * width
    let value = c.queryWidth + c.keyWidth + group * width
    let keyRows = tape.rotated.rows(rows).columns(key..<key + width)
    let valueRows = tape.projected.rows(rows).columns(value..<value + width)
    let keys = scratch.panels(0, inner: width, outer: length)
    keys.pack(keyRows, transposed: true)
    let keysDown = scratch.panels(1, inner: length, outer: width)
    keysDown.pack(keyRows, transposed: false)
    let values = scratch.panels(2, inner: width, outer: length)
    values.pack(valueRows, transposed: true)
    let dKeys = dRotated.rows(rows).columns(key..<key + width)
    let dValues = dProjected.rows(rows).columns(value..<value + width)
    dKeys.clear()
    dValues.clear()
    let scale = 1 / Float(width).squareRoot()
    for start in stride(from: 0, to: length, by: Self.queryBlock) {
      let end = min(length, start + Self.queryBlock)
      let block = rows.lowerBound + start..<rows.lowerBound + end
      for head in group * heads..<(group + 1) * heads {
        let columns = head * width..<(head + 1) * width
        let queries = tape.rotated.rows(block).columns(columns)
        let gradient = dAttended.rows(block).columns(columns)
        let scores = scratch.scores(0, rows: block.count, columns: end)
        let dScores = scratch.scores(1, rows: block.count, columns: end)
        product.multiply(into: scores, queries, keys.columns(0..<end))
        product.multiply(into: dScores, gradient, values.columns(0..<end))
        let dots = scratch.sums(block.count)
        compute.kernel.rowDots(dots, gradient, tape.attended.rows(block).columns(columns))
        compute.kernel.causalBackward(
          scores, dScores, logSums: tape.logSums.rows(block).columns(head..<head + 1), dots: dots,
          first: start + 1, scale: scale)
        product.multiply(
          into: dRotated.rows(block).columns(columns), dScores, keysDown.first(end))
        let packed = scratch.panels(3, inner: block.count, outer: width)
        packed.pack(queries, transposed: false)
        product.multiply(addingTo: dKeys.rows(0..<end), transposed: dScores, packed)
        packed.pack(gradient, transposed: false)
        product.multiply(addingTo: dValues.rows(0..<end), transposed: scores, packed)
      }
    }
  }
}

/// The memory of one thread while it works on attention.
struct AttentionScratch {
  private let areas: [FloatBuffer]
  private let scoreAreas: [FloatBuffer]
  private let sumArea: Matrix
  private let pass: DecoderPass

  init(_ pass: DecoderPass, worker: Int, _ longest: Int) {
    self.pass = pass
    let width = pass.configuration.headWidth
    let panel = PackedMatrix.panelWidth
    let floats = max(
      PackedMatrix.panels(longest) * width * panel, PackedMatrix.panels(width) * longest * panel,
      PackedMatrix.panels(width) * DecoderPass.queryBlock * panel)
    areas = (0..<4).map {
      pass.arena.matrix("attention \($0)", worker, rows: 1, columns: floats).buffer
    }
    let stride = pass.scoreStride(longest)
    scoreAreas = (0..<2).map {
      pass.arena.matrix("scores \($0)", worker, rows: DecoderPass.queryBlock, columns: stride)
        .buffer
    }
    sumArea = pass.arena.matrix("sums", worker, rows: DecoderPass.queryBlock, columns: 1)
  }

  func panels(_ area: Int, inner: Int, outer: Int) -> PackedMatrix {
    PackedMatrix(
      areas[area], offset: 0, inner: inner, outer: outer,
      panelStride: inner * PackedMatrix.panelWidth)
  }

  func scores(_ area: Int, rows: Int, columns: Int) -> Matrix {
    Matrix(
      scoreAreas[area], offset: 0, rows: rows, columns: columns, stride: pass.scoreStride(columns))
  }

  func sums(_ rows: Int) -> Matrix { sumArea.rows(0..<rows) }
}
