extension ExpressionParser {
  /// A bracketed class behind its `[`.
  mutating func parseClass() throws(ExpressionError) -> CodePointSet {
    try parseClass(depth: 1)
  }

  private mutating func parseClass(depth: Int) throws(ExpressionError) -> CodePointSet {
    guard depth <= Self.depthLimit else {
      throw .malformed(expected: "classes nested at most \(Self.depthLimit) deep")
    }
    let isNegated = scanner.take("^")
    var whole: CodePointSet?
    var part = CodePointSet()
    var isFirst = true
    while true {
      guard let scalar = scanner.take() else { throw .malformed(expected: "`]`") }
      if scalar == "]", !isFirst { break }
      isFirst = false
      if scalar == "&", scanner.take("&") {
        whole = whole?.intersection(part) ?? part
        part = CodePointSet()
        continue
      }
      if scalar == "[" {
        if scanner.comes(":") { throw .unsupported("[:…:]") }
        part = part.union(try parseClass(depth: depth + 1))
        continue
      }
      switch try classItem(scalar) {
      case .set(let set): part = part.union(set)
      case .single(let low): part = part.union(try parseRange(from: low))
      }
    }
    var set = whole?.intersection(part) ?? part
    if options.ignoresCase, depth == 1 { set = CaseFolding.shared.closure(of: set) }
    return isNegated ? set.complement : set
  }

  /// One character of a class, or a range if a hyphen and an end follow.
  private mutating func parseRange(from low: UInt32) throws(ExpressionError) -> CodePointSet {
    guard scanner.comes("-"), !scanner.comes("-]"), scanner.take("-") else {
      return CodePointSet(low...low)
    }
    guard let scalar = scanner.take(), scalar != "[", case .single(let high) = try classItem(scalar)
    else { throw .malformed(expected: "a character at the end of a range") }
    guard low <= high else { throw .malformed(expected: "a range that is not empty") }
    return CodePointSet(low...high)
  }

  private mutating func classItem(_ scalar: Unicode.Scalar) throws(ExpressionError) -> Escape {
    guard scalar == "\\" else { return .single(scalar.value) }
    if scanner.take("b") { return .single(0x08) }
    return try parseClassEscape()
  }
}
