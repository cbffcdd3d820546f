/// The first few differences of a long comparison.
struct Differences {
  let name: String
  private(set) var found: [String] = []
  private(set) var count = 0

  init(_ name: String) { self.name = name }

  mutating func check<Value: Equatable>(
    _ id: String, _ what: String, _ value: Value, _ expected: Value
  ) {
    if value == expected { return }
    count += 1
    if found.count < 8 { found.append("\(id) \(what): \(value), expected \(expected)") }
  }

  var report: String { "\(name): \(count) differences\n" + found.joined(separator: "\n") }
}
