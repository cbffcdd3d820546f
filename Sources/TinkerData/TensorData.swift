public import TinkerJSON

/// A tensor of the service's two element types, dense or in compressed sparse rows.
public struct TensorData: Sendable, Hashable {
  /// The elements, in row-major order.
  public enum Elements: Sendable, Hashable {
    /// 64-bit signed integers (`int64`).
    case integers([Int64])
    /// 32-bit floats (`float32`).
    case floats([Float])

    /// The number of elements.
    public var count: Int {
      switch self {
      case .integers(let values): values.count
      case .floats(let values): values.count
      }
    }

    /// The bytes that the elements take on the wire.
    package var byteCount: Int {
      switch self {
      case .integers(let values): 8 * values.count
      case .floats(let values): 4 * values.count
      }
    }
  }

  /// Where the listed elements of a sparse matrix stand.
  public struct SparseRows: Sendable, Hashable {
    /// For each row the index of its first listed element, and at the end the number of elements.
    public var rowPointers: [Int64]
    /// The column of each listed element.
    public var columns: [Int64]

    /// The places of a sparse matrix.
    public init(rowPointers: [Int64], columns: [Int64]) {
      self.rowPointers = rowPointers
      self.columns = columns
    }
  }

  /// The elements; of a sparse matrix only the listed ones.
  public var elements: Elements
  /// The extent of each dimension; their product is the number of elements of a dense tensor.
  public var shape: [Int]
  /// The places of the elements if the tensor is sparse.
  public var sparseRows: SparseRows?

  /// A one-dimensional tensor of integers.
  public init(_ integers: [Int64]) {
    elements = .integers(integers)
    shape = [integers.count]
  }

  /// A one-dimensional tensor of floats.
  public init(_ floats: [Float]) {
    elements = .floats(floats)
    shape = [floats.count]
  }

  /// A tensor of any shape.
  ///
  /// - Parameters:
  ///   - elements: The elements in row-major order, or the listed ones of a sparse matrix.
  ///   - shape: The extent of each dimension.
  ///   - sparseRows: The places of the listed elements; `nil` (the default) for a dense tensor.
  /// - Throws: `DataError` if shape, elements and places do not agree.
  public init(elements: Elements, shape: [Int], sparseRows: SparseRows? = nil) throws(DataError) {
    self.elements = elements
    self.shape = shape
    self.sparseRows = sparseRows
    try validate()
  }

  /// The elements as floats, integers rounded to the nearest.
  public var floats: [Float] {
    switch elements {
    case .integers(let values): values.map { Float($0) }
    case .floats(let values): values
    }
  }

  /// Whether shape, elements and places agree, after changes to them.
  var isConsistent: Bool { (try? validate()) != nil }

  private func validate() throws(DataError) {
    var product = 1
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else {
        throw .tensor("the shape \(shape) of a tensor is not one")
      }
      product = next
    }
    guard let sparseRows else {
      guard product == elements.count else {
        throw .tensor("a tensor of shape \(shape) has \(product) elements, not \(elements.count)")
      }
      return
    }
    guard shape.count == 2 else {
      throw .tensor("a sparse tensor has two dimensions, not \(shape)")
    }
    let pointers = sparseRows.rowPointers
    guard pointers.count == shape[0] + 1, pointers.first == 0,
      pointers.last == Int64(elements.count), zip(pointers, pointers.dropFirst()).allSatisfy(<=),
      sparseRows.columns.count == elements.count,
      sparseRows.columns.allSatisfy({ $0 >= 0 && $0 < shape[1] })
    else { throw .tensor("the row pointers or columns of a sparse tensor \(shape) do not agree") }
  }

  /// Writes the service's JSON form: `{"data":[…],"dtype":…,"shape":[…]}`, with
  /// `sparse_crow_indices` and `sparse_col_indices` if the tensor is sparse.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("data")
    writer.beginArray()
    switch elements {
    case .integers(let values): for value in values { writer.integer(Int(value)) }
    case .floats(let values): for value in values { writer.double(Double(value)) }
    }
    writer.endArray()
    writer.key("dtype")
    switch elements {
    case .integers: writer.string("int64")
    case .floats: writer.string("float32")
    }
    writer.key("shape")
    writer.beginArray()
    for extent in shape { writer.integer(extent) }
    writer.endArray()
    if let sparseRows {
      writer.key("sparse_crow_indices")
      writer.beginArray()
      for pointer in sparseRows.rowPointers { writer.integer(Int(pointer)) }
      writer.endArray()
      writer.key("sparse_col_indices")
      writer.beginArray()
      for column in sparseRows.columns { writer.integer(Int(column)) }
      writer.endArray()
    }
    writer.endObject()
  }

  /// Reads the service's JSON form. A tensor that does not tell its shape has one dimension.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  public init(json: JSONValue) throws(DataError) { try self.init(json: json, at: "tensor") }

  init(json: JSONValue, at path: String) throws(DataError) {
    let fields = JSONFields(json, at: path)
    let integer = { (value: JSONValue, path: String) throws(DataError) -> Int64 in
      guard let int = value.int else { throw .unexpected("an integer", at: path) }
      return Int64(int)
    }
    let elements: Elements
    switch try fields.string("dtype") {
    case "int64": elements = .integers(try fields.array("data", integer))
    case "float32":
      elements = .floats(
        try fields.array("data") { (value, path) throws(DataError) in
          guard let double = value.double else { throw .unexpected("a number", at: path) }
          return Float(double)
        })
    case let other: throw .unexpected("float32 or int64, not \(other)", at: path + ".dtype")
    }
    let shape = try fields.optionalArray("shape", integer)?.map { Int($0) } ?? [elements.count]
    let rows = try fields.optionalArray("sparse_crow_indices", integer)
    let columns = try fields.optionalArray("sparse_col_indices", integer)
    switch (rows, columns) {
    case (nil, nil): try self.init(elements: elements, shape: shape)
    case (let rows?, let columns?):
      try self.init(
        elements: elements, shape: shape,
        sparseRows: SparseRows(rowPointers: rows, columns: columns))
    default: throw .tensor("\(path): a sparse tensor needs both row pointers and columns")
    }
  }
}
