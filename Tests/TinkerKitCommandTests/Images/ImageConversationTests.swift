import Foundation
import TestSupport
import Testing
import TinkerData
import TinkerJSON

/// Conversations with images, as data URIs and as files below a folder.
@Suite struct ImageConversationTests {
  static let files = "Fixtures/golden/images/files"
  static let rendering = Tool.qwen3 + ["-r", "qwen3_vl", "--image-preset", "qwen3VL"]

  private static func record(image: String) -> String {
    #"{"messages":[{"role":"user","content":[{"type":"image","image":"\#(image)"},"#
      + #"{"type":"text","text":"What is it?"}]},{"role":"assistant","content":"A wave."}]}"#
  }

  private static func dataURI() throws -> String {
    let url = Places.package.appending(path: "\(files)/jpg_320x240.jpg")
    return "data:image/jpeg;base64," + Base64.encode([UInt8](try Data(contentsOf: url)))
  }

  @Test func imagesBecomeChunks() throws {
    let record = Self.record(image: try Self.dataURI())
    let outcome = try Tool.run(["render", "-"] + Self.rendering + ["--quiet"], input: record)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let chunks = try JSONValue.parse(outcome.text)["model_input"]?["chunks"]?.array ?? []
    let image = chunks.first { $0["type"] == "image" }
    #expect(image?["format"] == "jpeg" && image?["expected_tokens"] == 80)
    let prompt = try Tool.run(["prompt", "-"] + Self.rendering, input: record)
    #expect(prompt.text.contains("<|vision_start|>‹image: 80 positions›<|vision_end|>"))
    #expect(try Tool.run(["prompt", "-", "--ids"] + Self.rendering, input: record).status == 3)
    let page = try Tool.run(["show", "-", "--html", "-"] + Self.rendering, input: record)
    #expect(page.text.contains("image · 80 positions · 320×240 pixels · 20×16 patches"))
    #expect(page.text.contains("src=\"data:image/jpeg;base64,"))
  }

  @Test func filesAreReadBelowTheRootOnly() throws {
    let good = Self.record(image: "jpg_320x240.jpg")
    let closed = try Tool.run(["render", "-"] + Self.rendering + ["--quiet"], input: good)
    #expect(closed.status == 3 && closed.messages.contains("--image-root"))
    let open = Self.rendering + ["--image-root", Self.files, "--quiet"]
    #expect(try Tool.run(["render", "-"] + open, input: good).status == 0)
    for path in ["../errors/gif_header.gif", "/etc/passwd", "http://localhost/a.png"] {
      let outcome = try Tool.run(["render", "-"] + open, input: Self.record(image: path))
      #expect(outcome.status == 3 && outcome.messages.contains("messages[0].content[0]"))
    }
  }

  @Test func imagesNeedAProcessor() throws {
    let record = Self.record(image: try Self.dataURI())
    let options = ["render", "-"] + Tool.qwen3 + ["-r", "qwen3_vl"]
    #expect(try Tool.run(options, input: record).messages.contains("without a source of images"))
    #expect(try Tool.run(options + ["--image-root", "."], input: record).status == 2)
    let kind = try Tool.worker(
      Tool.qwen3 + ["-r", "qwen3_vl", "--image-preset", "qwen3VL"],
      lines: [
        #"{"op":"supervised","messages":[{"role":"user","content":[{"type":"image","image":"data:,x"}]}]}"#
      ])
    #expect(kind.first?["error"]?["kind"] == "image.unsupportedFormat")
    #expect(kind.first?["error"]?["path"] == "messages[0].content[0]")
  }
}
