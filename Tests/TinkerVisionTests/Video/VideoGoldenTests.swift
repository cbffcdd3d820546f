import Testing
import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerVision

/// Frames, times and sizes of videos (`golden/images/video.jsonl`).
@Suite struct VideoGoldenTests {
  @Test func framesAreThoseOfTheReference() throws {
    var differences = Differences()
    for row in try Golden.rows("video") where row["kind"]?.text == "frames" {
      let rate = row["fps"]?.double
      let frames = try VideoFrames(
        total: row.integer("total"), rate: rate ?? VideoFrames.assumedRate)
      let place = "\(try row.integer("total")) frames at \(rate ?? -1)"
      differences.compare(frames.indices.count, try row.integer("count"), place)
      if row["indices"] != nil {
        differences.compare(frames.indices, try row.integers("indices"), place)
      } else {
        let text = "[\(frames.indices.map(String.init).joined(separator: ","))]"
        differences.compare(SHA256.hex(Array(text.utf8)), try row.text("indices_sha256"), place)
      }
      if let stamps = row["stamps"]?.array {
        differences.compare(frames.stamps, stamps.compactMap(\.text), place)
      } else {
        differences.compare(
          SHA256.hex(Array(frames.stamps.joined().utf8)), try row.text("stamps_sha256"), place)
      }
    }
    #expect(differences.isEmpty, "\(differences)")
  }

  @Test func sizesAreThoseOfTheReference() throws {
    var differences = Differences()
    for row in try Golden.rows("video") where row["kind"]?.text == "size" {
      let (frames, width, height) = (
        try row.integer("frames"), try row.integer("w"), try row.integer("h")
      )
      let resized = row["resized"]
      for (rule, wanted) in [
        (VideoSizeRule.transformers554, resized),
        (.transformers523, row["transformers523"] ?? resized),
      ] {
        let place = "\(frames) frames of \(width)×\(height) \(rule)"
        let grid = try? rule.grid(frames: frames, width: width, height: height)
        differences.compare(
          grid.map { [$0.height, $0.width] }, wanted?.array?.compactMap(\.int), place)
      }
    }
    #expect(differences.isEmpty, "\(differences)")
  }

  @Test func layoutRepeatsThePadsOfEachPair() throws {
    let frames = try VideoFrames(total: 3, rate: 1)
    #expect(
      frames.layout(tokensPerPair: 2)
        == "<0.5 seconds><|vision_start|><|video_pad|><|video_pad|><|vision_end|>"
        + "<2.0 seconds><|vision_start|><|video_pad|><|video_pad|><|vision_end|>")
  }
}
