#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// How long a server asks to wait.
enum RetryAfter {
  /// Longer waits are not honoured.
  private static let longest = 60.0

  /// The wait of the headers `retry-after-ms` or `retry-after` (seconds or a date), if it lies between 0
  /// and 60 seconds. `now` counts seconds since 1970.
  static func duration(_ headers: [String: String], now: @autoclosure () -> Int) -> Duration? {
    var seconds: Double?
    if let text = headers["retry-after-ms"], let value = Double(text) { seconds = value / 1000 }
    if seconds == nil, let text = headers["retry-after"] {
      seconds = Double(text) ?? date(text).map { Double($0 - now()) }
    }
    guard let seconds, seconds > 0, seconds <= longest else { return nil }
    return .seconds(seconds)
  }

  /// The seconds since 1970 of a date like `Sun, 06 Nov 1994 08:49:37 GMT`.
  static func date(_ text: String) -> Int? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
      (1...31).contains(day), (1970...9999).contains(year),
      let month = months.firstIndex(of: String(parts[2]))
    else { return nil }
    let clock = parts[4].split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3, clock.allSatisfy({ (0...60).contains($0) }) else { return nil }
    return WallClock.seconds(year: year, month: month, day: day, clock: clock)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}

/// The clock of the calendar.
package enum WallClock {
  /// Seconds since 1970.
  package static var now: Int { time(nil) }

  /// The seconds since 1970 of a time like `2026-01-02T03:04:05Z` or with a fraction; `nil` for others.
  package static func seconds(rfc3339 text: String) -> Int? {
    let numbers = text.split { "-T:.Z".contains($0) }.prefix(6).compactMap { Int($0) }
    guard text.hasSuffix("Z"), numbers.count == 6, (1970...9999).contains(numbers[0]),
      (1...12).contains(numbers[1]), (1...31).contains(numbers[2]),
      numbers[3...].allSatisfy({ (0...60).contains($0) })
    else { return nil }
    return seconds(
      year: numbers[0], month: numbers[1] - 1, day: numbers[2], clock: Array(numbers[3...]))
  }

  /// Seconds since 1970 as a time like `2026-01-02T03:04:05Z`.
  package static func rfc3339(_ seconds: Int) -> String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    // Days since the first of March of the year 0, whose 400 years always have the same days.
    let days = seconds / 86400 + 719_468
    let (cycle, day) = (days / 146_097, days % 146_097)
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
    let civil = 400 * cycle + year + (month >= 10 ? 1 : 0)
    let time = seconds % 86400
    return "\(civil)-\(two(month < 10 ? month + 3 : month - 9))-\(two(dayOfMonth))"
      + "T\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))Z"
  }

  /// Seconds since 1970; months count from 0.
  static func seconds(year: Int, month: Int, day: Int, clock: [Int]) -> Int {
    // The year begins in March here, so that a leap day is its last.
    let shifted = month < 2 ? year - 1 : year
    let dayOfYear = (153 * ((month + 10) % 12) + 2) / 5 + day - 1
    let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    return ((days * 24 + clock[0]) * 60 + clock[1]) * 60 + clock[2]
  }
}
