import FoundationEssentials
import Testing
import TinkerJSON

/// What Python's `json` makes of small texts, right and wrong (`Fixtures/json/loads.jsonl`).
@Suite struct PythonAgreementTests {
  static let rows: [JSONObject] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Fixtures/json/loads.jsonl")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return data.split(separator: UInt8(ascii: "\n")).compactMap {
      (try? JSONValue.parse(Array($0)))?.object
    }
  }()

  @Test func fixtureIsThere() {
    #expect(Self.rows.count > 500)
  }

  @Test func valuesAreWrittenAsPythonWritesThem() throws {
    var differences: [String] = []
    for row in Self.rows {
      guard let text = row["text"]?.text, let dumps = row["dumps"]?.text else { continue }
      let value = try JSONValue.parse(text)
      let unicode = row["unicode"]?.text
      if value.serialized() != dumps
        || unicode.map({ Array($0.utf8) != Array(value.serialized(.pythonUnicode).utf8) }) ?? false
        || value.serialized(JSONStyle(hasSpaces: false, sortsKeys: true)) != row["sorted"]?.text
      {
        differences.append("\(text): wanted \(dumps), got \(value.serialized())")
      }
    }
    #expect(differences.isEmpty)
  }

  @Test func errorsAreWordedAndPlacedAsPythonDoes() {
    var differences: [String] = []
    for row in Self.rows {
      guard let text = row["text"]?.text, let wanted = row["error"]?.text else { continue }
      // Python's line and column after a byte order mark count from the mark, as ours do.
      do {
        let value = try JSONValue.parse(text)
        differences.append("\(text): wanted \(wanted), got \(value.serialized())")
      } catch {
        if error.description != wanted {
          differences.append("\(text): wanted \(wanted), got \(error)")
        }
      }
    }
    #expect(differences.isEmpty)
  }

  @Test func skippingFindsTheSameErrorsAsReading() {
    for row in Self.rows {
      guard let text = row["text"]?.text else { continue }
      let bytes = Array(text.utf8)
      var reader = JSONReader(bytes.span)
      var skipped: JSONError?
      do {
        try reader.skipValue()
        try reader.finish()
      } catch { skipped = error }
      let isMark = row["error"]?.text?.hasPrefix("Unexpected UTF-8 BOM") ?? false
      if !isMark, skipped?.description != row["error"]?.text {
        Issue.record("\(text): skipping says \(String(describing: skipped))")
      }
    }
  }
}
