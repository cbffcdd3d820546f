import Foundation
import TinkerData

/// Images by the header of a PNG alone, counted as Qwen3-VL's preprocessor does: enough for layout.
struct HeaderImages: ImageChunkMaker {
  private let factor = 32.0
  private let leastPixels = 65536.0
  private let mostPixels = 16_777_216.0

  func tokenCount(width: Int, height: Int) throws(ImageError) -> Int {
    let (w, h) = (Double(width), Double(height))
    var rows = (h / factor).rounded(.toNearestOrEven) * factor
    var columns = (w / factor).rounded(.toNearestOrEven) * factor
    if rows * columns > mostPixels {
      let scale = (h * w / mostPixels).squareRoot()
      rows = max(factor, (h / scale / factor).rounded(.down) * factor)
      columns = max(factor, (w / scale / factor).rounded(.down) * factor)
    } else if rows * columns < leastPixels {
      let scale = (leastPixels / (h * w)).squareRoot()
      rows = (h * scale / factor).rounded(.up) * factor
      columns = (w * scale / factor).rounded(.up) * factor
    }
    return Int(rows / factor) * Int(columns / factor)
  }

  func chunk(for source: ImageSource) throws(ImageError) -> ImageChunk {
    let bytes: [UInt8]
    switch source {
    case .bytes(let given): bytes = given
    case .reference(let uri):
      guard let comma = uri.firstIndex(of: ","),
        let data = Data(base64Encoded: String(uri[uri.index(after: comma)...]))
      else { throw ImageError(.unavailable, "the reference is no data URI") }
      bytes = [UInt8](data)
    }
    guard bytes.count > 24 else { throw ImageError(.truncated, "the file has no header") }
    let width = Self.number(bytes[16..<20])
    let height = Self.number(bytes[20..<24])
    return ImageChunk(
      data: bytes, format: .jpeg, expectedTokens: try tokenCount(width: width, height: height),
      width: width, height: height)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }
}
