/// What the backward pass of one layer needs from its forward pass, `N` rows each.
package struct LayerTape {
  /// The residual stream at the input, `[N, hidden]`.
  let input: Matrix
  /// The scales of the first norm, `[N, 1]`.
  let inputScales: Matrix
  /// Queries, keys and values before norm and rotation, `[N, (H + 2G) · width]`.
  let projected: Matrix
  /// Queries and keys after norm and rotation, `[N, (H + G) · width]`.
  let rotated: Matrix
  /// The scales of the head norms, `[N, H + G]`.
  let headScales: Matrix
  /// The logarithms of the softmax sums, `[N, H]`.
  let logSums: Matrix
  /// The heads' outputs, `[N, H · width]`.
  let attended: Matrix
  /// The residual stream after attention, `[N, hidden]`.
  let middle: Matrix
  /// The scales of the second norm, `[N, 1]`.
  let middleScales: Matrix
  /// Gate and up, `[N, 2 · intermediate]`.
  let gateUp: Matrix
  /// s · A x of the groups' adapters, `[N, members · rank]`; empty without adapter.
  let attentionLow: Matrix
  /// The same of the attention's output.
  let outputLow: Matrix
  /// The same of gate and up.
  let gateUpLow: Matrix
  /// The same of down.
  let downLow: Matrix

  /// A tape in the memory of an arena; tapes of one number share memory.
  init(
    _ number: Int, rows: Int, configuration c: ModelConfiguration, adapters: AdapterSet.Layer?,
    in arena: Arena
  ) {
    func matrix(_ part: String, _ columns: Int) -> Matrix {
      arena.matrix("tape " + part, number, rows: rows, columns: columns)
    }
    input = matrix("input", c.hiddenSize)
    inputScales = matrix("input scales", 1)
    projected = matrix("projected", c.attentionWidth)
    rotated = matrix("rotated", c.queryWidth + c.keyWidth)
    headScales = matrix("head scales", c.heads + c.keyValueHeads)
    logSums = matrix("log sums", c.heads)
    attended = matrix("attended", c.queryWidth)
    middle = matrix("middle", c.hiddenSize)
    middleScales = matrix("middle scales", 1)
    gateUp = matrix("gate up", 2 * c.intermediateSize)
    attentionLow = matrix("attention low", adapters?.attention?.width ?? 0)
    outputLow = matrix("output low", adapters?.output?.width ?? 0)
    gateUpLow = matrix("gate up low", adapters?.gateUp?.width ?? 0)
    downLow = matrix("down low", adapters?.down?.width ?? 0)
  }
}
