import Foundation
import Testing

/// A fenced block of a Markdown file.
struct MarkdownBlock: Sendable, CustomTestStringConvertible {
  /// The word after the opening fence, such as `swift` or `sh`.
  var language: String
  /// The number of the first line inside the fence, counted from 1.
  var line: Int
  /// The lines between the fences.
  var lines: [String]

  var testDescription: String { "\(language) block at line \(line)" }

  /// The blocks of a file in one language, in order.
  static func blocks(of file: URL, language: String) -> [MarkdownBlock] {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    var found: [MarkdownBlock] = []
    var open: MarkdownBlock?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard line.hasPrefix("```") else {
        open?.lines.append(String(line))
        continue
      }
      if let closed = open {
        found.append(closed)
        open = nil
      } else {
        open = MarkdownBlock(language: String(line.dropFirst(3)), line: index + 2, lines: [])
      }
    }
    return found.filter { $0.language == language }
  }
}
