/// Where each parameter stands in one flat buffer. Values, gradients and moments share a layout.
package struct ParameterLayout {
  /// A parameter.
  package struct Entry: Sendable {
    /// Its name.
    package let name: String
    /// Its extents.
    package let shape: [Int]
    /// Its place.
    package let range: Range<Int>
  }

  /// The parameters in the order of their places.
  package private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]
  /// The number of floats.
  package private(set) var count = 0

  /// An empty layout.
  package init() {}

  /// Adds a parameter at the end and gives its place.
  @discardableResult
  package mutating func add(_ name: String, shape: [Int]) -> Range<Int> {
    let range = count..<count + shape.reduce(1, *)
    places[name] = entries.count
    entries.append(Entry(name: name, shape: shape, range: range))
    count = range.upperBound
    return range
  }

  /// The parameter of a name, or `nil`.
  package subscript(name: String) -> Entry? { places[name].map { entries[$0] } }
}
