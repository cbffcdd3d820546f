import Foundation
import TestSupport
import Testing
import TinkerJSON

@Suite struct ImageOperationTests {
  static let file = "Fixtures/golden/images/files/jpg_320x240.jpg"

  @Test func answersForImages() throws {
    let replies = try Tool.worker(
      ["--image-preset", "qwen3VL", "--allow-paths"],
      lines: [
        #"{"op":"info"}"#,
        #"{"op":"image","path":"\#(Self.file)"}"#,
        #"{"op":"image_size","height":100000,"width":600}"#,
        #"{"op":"image_size","height":300,"width":20,"config":{"kind":"kimi"}}"#,
        #"{"op":"image_resize","formula":[30,20,1,2,3,4],"to":[10,10],"resampler":"pillow12"}"#,
        #"{"op":"image_chunk","path":"\#(Self.file)","encode":"original"}"#,
      ])
    #expect(replies[0]["ok"]?["image"]?["min_pixels"] == 65_536)
    #expect(replies[1]["ok"]?["grid_thw"] == [1, 16, 20])
    #expect(replies[1]["ok"]?["pixel_values"] == nil)
    #expect(replies[2]["ok"]?["tokens"]?.int == nil || replies[2]["ok"]?["tokens"] != 0)
    #expect(replies[3]["ok"]?["padded"] == [308, 28])
    #expect(replies[4]["ok"]?["sha256"]?.text?.count == 64)
    #expect(replies[5]["ok"]?["bytes"] == 13_934)
  }

  static let refusals: [(request: String, kind: String, path: String?)] = [
    (#"{"op":"image_decode","path":"x.png"}"#, "request", "path"),
    (#"{"op":"image_decode","data":"%"}"#, "request", "data"),
    (#"{"op":"image_decode"}"#, "request", "data"),
    (#"{"op":"image_decode","data":""}"#, "image.truncated", nil),
    (#"{"op":"image_decode","data":"R0lGODlh"}"#, "image.unsupportedFormat", nil),
    (#"{"op":"image_size","height":1,"width":1}"#, "request", "config"),
    (#"{"op":"image_size","height":1}"#, "request", nil),
    (#"{"op":"image_size","height":1,"width":201,"config":{}}"#, "image.badAspectRatio", nil),
    (#"{"op":"image_size","height":0,"width":1,"config":{}}"#, "image.corrupt", nil),
    (
      #"{"op":"image_size","height":4294967296,"width":4294967296,"config":{}}"#, "image.tooLarge",
      nil
    ),
    (
      #"{"op":"image_size","height":1,"width":1,"config":{"patch_size":-1}}"#, "request",
      "config.patch_size"
    ),
    (#"{"op":"image_resize","formula":[1,1,1,1,1,63],"to":[1,1]}"#, "request", "formula"),
    (
      #"{"op":"image_resize","formula":[1000000,1000000,1,1,1,1],"to":[1,1]}"#, "request",
      "formula"
    ),
    (#"{"op":"image_resize","formula":[1,1,1,1,1,1],"to":[1]}"#, "request", "to"),
    (
      #"{"op":"image_resize","formula":[1,1,1,1,1,1],"to":[1000000,1000000]}"#, "image.tooLarge",
      nil
    ),
    (#"{"op":"image_resize","formula":[1,1,1,1,1,1],"to":[0,1]}"#, "image.corrupt", nil),
    (
      #"{"op":"image_resize","formula":[1,1,1,1,1,1],"to":[100000000,1]}"#, "image.tooLarge", nil
    ),
  ]

  @Test func refusesWithKindAndPlace() throws {
    let replies = try Tool.worker([], lines: Self.refusals.map(\.request))
    #expect(replies.count == Self.refusals.count)
    for (refusal, reply) in zip(Self.refusals, replies) {
      #expect(reply["error"]?["kind"]?.text == refusal.kind, "\(refusal.request)")
      #expect(reply["error"]?["path"]?.text == refusal.path, "\(refusal.request)")
    }
  }
}
