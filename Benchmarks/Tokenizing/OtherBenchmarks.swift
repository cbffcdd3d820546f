import TinkerTokenizer

/// What `Benchmarks/duel.py` does not compare with anybody.
struct OtherBenchmarks {
  private let tokenizer: Tokenizer
  private let texts: [String]

  init(_ tokenizer: Tokenizer, _ texts: [String]) {
    self.tokenizer = tokenizer
    self.texts = texts
  }

  /// Prints a line for each measure: the best of three, in MB (10^6 bytes of text) per second.
  func run() {
    let clock = ContinuousClock()
    func report(_ name: String, _ byteCount: Int, _ body: () -> Int) {
      var best = Double.infinity
      for _ in 0..<3 {
        var count = 0
        let time = clock.measure { count = body() }
        precondition(count > 0)
        best = min(best, time / .seconds(1))
      }
      let rate = Double(byteCount) / best / 1e6
      let nanoseconds = best * 1e9 / Double(byteCount)
      print(
        "\(name): \(Int(rate.rounded())) MB/s, \((nanoseconds * 100).rounded() / 100) ns a byte")
    }
    let byteCount = texts.reduce(0) { $0 + $1.utf8.count }
    let ids = tokenizer.encodeBatch(texts, workers: 1)
    report("ids to bytes", byteCount) {
      ids.reduce(0) { $0 + tokenizer.decodeBytes($1).count }
    }
    report("ids to text", byteCount) { ids.reduce(0) { $0 + tokenizer.decode($1).utf8.count } }
    for workers in [1, 2] {
      report("documents on \(workers) threads", byteCount) {
        tokenizer.encodeBatch(texts, workers: workers).count
      }
    }
    let encoder = tokenizer.makeEncoder(knowsWords: true)
    func line(_ name: String, _ text: String) {
      report(name, text.utf8.count) {
        var ids: [UInt32] = []
        encoder.append(text, to: &ids)
        return ids.count
      }
    }
    let joined = texts.joined(separator: " ").split(separator: "\n").joined(separator: " ")
    line("all documents in one line", joined)
    let runs = [
      "a", " ", "=", "7", "\n", "漢", "あいうえお", "e\u{301}", "\u{301}", "😀", "aB", "' ", "<", "ab ",
    ]
    for part in runs {
      let count = 10_000_000 / part.utf8.count
      line("run of \(part.debugDescription)", String(repeating: part, count: count))
    }
  }
}
