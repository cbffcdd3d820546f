extension TensorData {
  /// This matrix in compressed sparse rows: only the elements that differ from a padding are listed.
  ///
  /// - Parameter padding: The value that is left out; 0 by default.
  /// - Returns: The same matrix, sparse.
  /// - Throws: `DataError` unless the tensor is dense and has two dimensions.
  public func sparse(padding: Int64 = 0) throws(DataError) -> TensorData {
    guard sparseRows == nil, shape.count == 2, isConsistent else {
      throw .tensor("only a dense tensor of two dimensions can be made sparse, not \(shape)")
    }
    switch elements {
    case .integers(let values):
      let (kept, places) = Self.listed(values, columns: shape[1], rows: shape[0], padding)
      return try TensorData(elements: .integers(kept), shape: shape, sparseRows: places)
    case .floats(let values):
      let (kept, places) = Self.listed(values, columns: shape[1], rows: shape[0], Float(padding))
      return try TensorData(elements: .floats(kept), shape: shape, sparseRows: places)
    }
  }

  /// This matrix in whichever form needs fewer numbers: compressed rows if
  /// `(rows + 1) + 2 · listed < rows · columns`. Other tensors stay as they are.
  public var smallerForm: TensorData {
    guard sparseRows == nil, shape.count == 2, let sparse = try? sparse() else { return self }
    let numbers = shape[0] + 1 + 2 * sparse.elements.count
    return numbers < elements.count ? sparse : self
  }

  /// This tensor with every element listed; the places that a sparse form leaves out are 0.
  public var dense: TensorData {
    guard let sparseRows, shape.count == 2, isConsistent else { return self }
    let columns = shape[1]
    var out = self
    out.sparseRows = nil
    switch elements {
    case .integers(let values):
      out.elements = .integers(Self.spread(values, over: shape[0] * columns, columns, sparseRows))
    case .floats(let values):
      out.elements = .floats(Self.spread(values, over: shape[0] * columns, columns, sparseRows))
    }
    return out
  }

  private static func listed<Element: Equatable>(
    _ values: [Element], columns: Int, rows: Int, _ padding: Element
  ) -> ([Element], SparseRows) {
    var kept: [Element] = []
    var places = SparseRows(rowPointers: [0], columns: [])
    for row in 0..<rows {
      for column in 0..<columns where values[row * columns + column] != padding {
        kept.append(values[row * columns + column])
        places.columns.append(Int64(column))
      }
      places.rowPointers.append(Int64(kept.count))
    }
    return (kept, places)
  }

  private static func spread<Element: Numeric>(
    _ values: [Element], over count: Int, _ columns: Int, _ places: SparseRows
  ) -> [Element] {
    var out = [Element](repeating: 0, count: count)
    for row in 0..<max(0, places.rowPointers.count - 1) {
      let start = Int(places.rowPointers[row])
      for index in start..<max(start, Int(places.rowPointers[row + 1])) {
        guard index < values.count, index < places.columns.count else { break }
        let place = row * columns + Int(places.columns[index])
        if out.indices.contains(place) { out[place] = values[index] }
      }
    }
    return out
  }
}
