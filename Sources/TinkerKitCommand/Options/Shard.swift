import ArgumentParser

/// One of several equal parts of the input, counted from 0: `i/n` takes records i, i+n, i+2n, …
struct Shard: ExpressibleByArgument {
  let index: Int
  let count: Int

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), index >= 0,
      index < count
    else { return nil }
    self.index = index
    self.count = count
  }

  /// Whether a record belongs to this part.
  func takes(_ record: Int) -> Bool { record % count == index }
}
