import TinkerFiles

/// A line on the terminal that says how far the work is. On anything else nothing is written.
struct Progress {
  /// The least time between two changes of the line, in seconds.
  private static let interval = 0.1

  private let isOn: Bool
  private let totalBytes: Int?
  private let start = Machine.uptime
  private var last = 0.0
  private var isVisible = false

  /// - Parameters:
  ///   - isOn: Whether it is wanted at all.
  ///   - totalBytes: The size of the input; `nil` where it is not known.
  init(isOn: Bool, totalBytes: Int?) {
    self.isOn = isOn && Terminal.isTerminal(.standardError)
    self.totalBytes = totalBytes
  }

  mutating func update(bytes: Int, records: Int) {
    guard isOn else { return }
    let now = Machine.uptime
    guard now - last >= Self.interval else { return }
    last = now
    let elapsed = max(now - start, 0.001)
    var text = "\(records) records, \(Int(Double(records) / elapsed))/s"
    if let totalBytes, totalBytes > 0 {
      let share = min(1, Double(bytes) / Double(totalBytes))
      let left = share > 0 ? Int(elapsed / share - elapsed) : 0
      text = "\(Self.bar(share)) \(Int(share * 100)) %  \(text), \(left) s left"
    }
    Terminal.writeMessage("\r\u{1B}[K\(text)")
    isVisible = true
  }

  /// Takes the line away, for a message or at the end.
  mutating func clear() {
    if isVisible { Terminal.writeMessage("\r\u{1B}[K") }
    isVisible = false
  }

  private static func bar(_ share: Double) -> String {
    let width = 24
    let eighths = Int(share * Double(width * 8))
    let parts = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let full = String(repeating: "█", count: eighths / 8)
    let rest = eighths / 8 < width ? parts[eighths % 8] : ""
    let space = String(repeating: " ", count: max(0, width - eighths / 8 - 1))
    return "▕\(full)\(rest)\(space)▏"
  }
}
