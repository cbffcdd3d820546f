import Foundation
import TestSupport
import Testing
import TinkerJSON

@Suite struct ImageCommandTests {
  static let folder = "Fixtures/golden/images/files"

  @Test func tellsSizeGridAndTokens() throws {
    let outcome = try Tool.run([
      "image", "\(Self.folder)/jpg_320x240.jpg", "\(Self.folder)/png_c4_d8.png",
    ])
    #expect(outcome.status == 0 && outcome.messages.isEmpty)
    let lines = Tool.lines(of: outcome.text)
    #expect(lines.count == 3)
    #expect(lines[1].contains("320×240") && lines[1].hasSuffix("  80"))
    let json = try Tool.run([
      "image", "\(Self.folder)/jpg_320x240.jpg", "--json", "--preset", "qwen25VL",
    ])
    #expect(try JSONValue.parse(json.text)["tokens"]?.int == 99)
  }

  @Test func writesPixelValues() throws {
    let folder = try WorkFolder()
    let outcome = try Tool.run([
      "image", "\(Self.folder)/jpg_320x240.jpg", "\(Self.folder)/png_1x1.png", "--pixel-values",
      folder.path("out.npy"),
    ])
    #expect(outcome.status == 0)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.path("out.npy"))))
    #expect(bytes.prefix(8).elementsEqual([0x93] + Array("NUMPY".utf8) + [1, 0]))
    let length = Int(bytes[8]) + Int(bytes[9]) << 8
    #expect((10 + length) % 64 == 0)
    let header = String(decoding: bytes[10..<10 + length], as: UTF8.self)
    // 320 patches of the first picture, 256 of the second, which is enlarged.
    #expect(header.contains("'<f4'") && header.contains("(576, 1536,)"))
    #expect(bytes.count == 10 + length + 576 * 1536 * 4)
  }

  @Test func warnsOnceOfOrientation() throws {
    let files = ["jpg_exif6.jpg", "jpg_exif8.jpg"].map { "\(Self.folder)/\($0)" }
    let warned = try Tool.run(["image"] + files)
    #expect(Tool.lines(of: warned.messages).count == 1)
    #expect(warned.text.contains("24×16"))
    let turned = try Tool.run(["image"] + files + ["--orientation", "apply"])
    #expect(turned.messages.isEmpty && turned.text.contains("16×24"))
    #expect(try Tool.run(["image"] + files + ["--orientation", "ignore"]).messages.isEmpty)
  }

  @Test func namesWhatIsWrong() throws {
    let folder = "Fixtures/golden/images/errors"
    let bad = try Tool.run(["image", "\(folder)/gif_header.gif"])
    #expect(bad.status == 3 && bad.messages.contains("gif_header.gif: the file is a GIF"))
    let wrong = try Tool.run(["image", "\(Self.folder)/png_1x1.png", "--alpha", "white"])
    #expect(wrong.status == 2 && wrong.messages.contains("--pixel-values"))
  }
}
