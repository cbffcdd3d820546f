import TinkerJSON

extension ExampleWriter {
  /// Appends a row of several examples as one line with its line feed. After an error the buffer is as
  /// it was.
  ///
  /// Positions begin anew with each example, and the first token of each has weight 0 (label -100),
  /// because what stands before it belongs to another.
  ///
  /// - Parameters:
  ///   - row: The examples in order.
  ///   - out: The buffer.
  /// - Throws: `RenderingError` where the format has no rows, or no place for what an example holds.
  public func append(row: [PackedExample], to out: inout [UInt8]) throws(RenderingError) {
    let start = out.count
    do throws(RenderingError) {
      switch format {
      case .datum:
        throw RenderingError(
          .unsupported, "a datum holds one example, so rows need the format tokens or hf")
      case .tokens: appendTokens(row, to: &out)
      case .hf: try appendLabels(row, to: &out)
      }
    } catch {
      out.removeSubrange(start...)
      throw error
    }
    out.append(contentsOf: "}\n".utf8)
  }

  private func appendTokens(_ row: [PackedExample], to out: inout [UInt8]) {
    appendKey("{\"tokens\":[", row, to: &out) { item, out in
      appendTokenList(item.example, to: &out)
    }
    appendKey("],\"weights\":[", row, to: &out) { item, out in
      var isFirst = true
      for (weight, count) in item.example.rowWeights {
        out.appendRepeated(Weights.short(weight), count: count, isFirst: &isFirst)
      }
    }
    appendPositions("],\"positions\":[", row, to: &out)
    var end = 0
    appendKey("],\"examples\":[", row, to: &out) { item, out in
      out.append(UInt8(ascii: "{"))
      if let id = item.id {
        out.append(contentsOf: "\"id\":\(id.serialized(.compact)),".utf8)
      }
      let start = end
      end += item.example.tokens.count
      out.append(contentsOf: "\"start\":\(start),\"end\":\(end),\"segments\":[".utf8)
      appendSegments(of: item.example, to: &out)
      out.append(contentsOf: "]}".utf8)
    }
    out.append(UInt8(ascii: "]"))
  }

  private func appendLabels(
    _ row: [PackedExample], to out: inout [UInt8]
  ) throws(RenderingError) {
    for item in row { try checkLabels(of: item.example) }
    appendKey("{\"input_ids\":[", row, to: &out) { item, out in
      out.appendList(of: item.example.tokens.span)
    }
    appendKey("],\"labels\":[", row, to: &out) { item, out in
      appendLabelList(item.example, isFirstTrained: false, to: &out)
    }
    out.append(contentsOf: "],\"attention_mask\":[".utf8)
    var isFirst = true
    let count = row.reduce(0) { $0 + $1.example.tokens.count }
    out.appendRepeated("1", count: count, isFirst: &isFirst)
    appendPositions("],\"position_ids\":[", row, to: &out)
    appendKey("],\"seq_lengths\":[", row, to: &out) { item, out in
      out.append(contentsOf: String(item.example.tokens.count).utf8)
    }
    out.append(UInt8(ascii: "]"))
  }

  private func appendPositions(_ key: String, _ row: [PackedExample], to out: inout [UInt8]) {
    appendKey(key, row, to: &out) { item, out in
      out.appendCount(to: item.example.tokens.count)
    }
  }

  /// A key, and what each example adds to its list.
  private func appendKey(
    _ key: String, _ row: [PackedExample], to out: inout [UInt8],
    _ append: (PackedExample, inout [UInt8]) -> Void
  ) {
    out.append(contentsOf: key.utf8)
    var isFirst = true
    for item in row where !item.example.tokens.isEmpty {
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
      append(item, &out)
    }
  }
}

extension SupervisedExample {
  /// The weights as runs of equal ones, for an example that others may stand before: its first token
  /// has weight 0, as nothing predicts it.
  public var rowWeights: [(weight: Float, count: Int)] {
    var runs = weightRuns
    guard let first = runs.first, first.weight != 0 else { return runs }
    runs[0].count -= 1
    if runs[0].count == 0 { runs.removeFirst() }
    runs.insert((0, 1), at: 0)
    return runs
  }
}
