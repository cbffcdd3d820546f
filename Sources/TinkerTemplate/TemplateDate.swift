/// The date and time that a template is given when it asks for them. Nothing here reads a clock.
public struct TemplateDate: Sendable, Hashable {
  /// The year.
  public let year: Int
  /// The month, 1 to 12.
  public let month: Int
  /// The day, 1 to 31.
  public let day: Int
  /// The hour, 0 to 23.
  public let hour: Int
  /// The minute.
  public let minute: Int
  /// The second.
  public let second: Int

  /// A date from `2026-07-01`, or a date and time from `2026-07-01T09:30:00`.
  ///
  /// `nil` for any other form and for days that do not exist.
  public init?(_ text: String) {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count),
      let date = Self.numbers(parts[0], separator: "-", widths: [4, 2, 2])
    else { return nil }
    let time =
      parts.count == 2 ? Self.numbers(parts[1], separator: ":", widths: [2, 2, 2]) : [0, 0, 0]
    guard let time else { return nil }
    guard (1...9999).contains(date[0]), (1...12).contains(date[1]),
      (1...Self.days(in: date[1], of: date[0])).contains(date[2]), time[0] < 24, time[1] < 60,
      time[2] < 60
    else { return nil }
    (year, month, day) = (date[0], date[1], date[2])
    (hour, minute, second) = (time[0], time[1], time[2])
  }

  private static func numbers(
    _ text: Substring, separator: Character, widths: [Int]
  ) -> [Int]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count == widths.count else { return nil }
    var out: [Int] = []
    for (part, width) in zip(parts, widths) {
      guard part.utf8.count == width, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let value = Int(part)
      else { return nil }
      out.append(value)
    }
    return out
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The day of the year, from 1.
  private var dayOfYear: Int {
    (1..<month).reduce(day) { $0 + Self.days(in: $1, of: year) }
  }

  /// 0 for Sunday.
  private var weekday: Int {
    let before = year - 1
    return (before * 365 + before / 4 - before / 100 + before / 400 + dayOfYear) % 7
  }

  private static let weekdays = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  /// The date in a format of C's `strftime`, in the C locale; `nil` where the format has a letter
  /// that is not known here.
  func formatted(_ format: String) -> String? {
    var out = ""
    var rest = format.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "%" else {
        out.unicodeScalars.append(scalar)
        continue
      }
      guard var letter = rest.popFirst() else { return nil }
      let isPlain = letter == "-"
      if isPlain {
        guard let next = rest.popFirst() else { return nil }
        letter = next
      }
      guard let field = field(letter, isPlain: isPlain) else { return nil }
      out += field
    }
    return out
  }

  private func field(_ letter: Unicode.Scalar, isPlain: Bool) -> String? {
    func padded(_ value: Int, _ width: Int = 2) -> String {
      let digits = String(value)
      return isPlain
        ? digits : String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
    }
    let twelve = hour % 12 == 0 ? 12 : hour % 12
    switch letter {
    case "Y": return String(year)
    case "y": return padded(year % 100)
    case "m": return padded(month)
    case "d": return padded(day)
    case "e": return day < 10 && !isPlain ? " \(day)" : String(day)
    case "H": return padded(hour)
    case "I": return padded(twelve)
    case "M": return padded(minute)
    case "S": return padded(second)
    case "j": return padded(dayOfYear, 3)
    case "p": return hour < 12 ? "AM" : "PM"
    case "A": return Self.weekdays[weekday]
    case "a": return String(Self.weekdays[weekday].prefix(3))
    case "B": return Self.months[month - 1]
    case "b", "h": return String(Self.months[month - 1].prefix(3))
    case "u": return String(weekday == 0 ? 7 : weekday)
    case "w": return String(weekday)
    case "F": return "\(year)-" + padded(month) + "-" + padded(day)
    case "T": return padded(hour) + ":" + padded(minute) + ":" + padded(second)
    case "D": return padded(month) + "/" + padded(day) + "/" + padded(year % 100)
    case "n": return "\n"
    case "t": return "\t"
    case "%": return "%"
    default: return nil
    }
  }
}
