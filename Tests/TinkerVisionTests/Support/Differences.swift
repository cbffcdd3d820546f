/// The first differences of a comparison and how many there are.
struct Differences: CustomStringConvertible {
  private(set) var count = 0
  private var first: [String] = []

  var isEmpty: Bool { count == 0 }

  mutating func add(_ text: @autoclosure () -> String) {
    count += 1
    if first.count < 8 { first.append(text()) }
  }

  /// Records a difference unless the two are equal.
  mutating func compare<Value: Equatable>(_ got: Value, _ wanted: Value, _ place: String) {
    if got != wanted { add("\(place): got \(got), wanted \(wanted)") }
  }

  var description: String { "\(count) differences\n" + first.joined(separator: "\n") }
}
