import Testing
import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerVision

/// Damaged files give the class of error that the specification asks for
/// (`golden/images/errors.jsonl`).
@Suite struct DamagedFileTests {
  @Test func everyDamageHasItsClass() throws {
    let preprocessor = try ImagePreprocessor(.qwen3VL)
    var differences = Differences()
    for row in try Golden.rows("errors") {
      let name = try row.text("file")
      let file = try Golden.file("errors/\(name)")
      let allowed =
        [try row.text("expect")] + (row["also"]?.array?.compactMap(\.text) ?? [])
      var got = "ok"
      do {
        _ = try preprocessor.patches(of: [file])
      } catch {
        got = error.kind.rawValue
      }
      if !allowed.contains(got) { differences.add("\(name): got \(got), wanted \(allowed)") }
      guard got == "ok" || got == "badAspectRatio", let wanted = row["rgb_sha256"]?.text else {
        continue
      }
      let image = try RGBImage(decoding: file)
      differences.compare(SHA256.hex(image.bytes), wanted, name)
    }
    #expect(differences.isEmpty, "\(differences)")
  }
}
