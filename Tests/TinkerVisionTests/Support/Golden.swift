import FoundationEssentials
import TinkerFiles
import TinkerJSON
import TinkerVision

/// The recorded results of the references: those in `Fixtures`, or the set that `TINKERKIT_SHARED` names.
enum Golden {
  static let folder: String = {
    if let shared = ProcessInfo.processInfo.environment["TINKERKIT_SHARED"] {
      return "\(shared)/golden/images"
    }
    return URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Fixtures/golden/images").standardizedFileURL.path()
  }()

  /// The rows of a file.
  static func rows(_ name: String) throws -> [JSONObject] {
    let text = try file("\(name).jsonl")
    let rows = try text.split(separator: UInt8(ascii: "\n")).compactMap {
      try JSONValue.parse(Array($0)).object
    }
    guard !rows.isEmpty else { throw GoldenError.noRows(name) }
    return rows
  }

  /// A file's bytes.
  static func file(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "\(folder)/\(path)")))
  }

  /// The configurations that the manifest names.
  static func presets() throws -> [String: PreprocessorConfiguration] {
    let manifest = try JSONValue.parse(file("manifest.json"))
    var presets: [String: PreprocessorConfiguration] = [:]
    for (name, preset) in manifest["presets"]?.object ?? JSONObject() {
      var object = JSONObject()
      let keys = [
        "patch": "patch_size", "merge": "merge_size", "mean": "image_mean", "std": "image_std",
        "max_patches": "max_patches", "side": "side", "max_model_len": "max_model_len",
      ]
      let isNemotron = preset["max_model_len"] != nil
      object.set(
        "kind", to: isNemotron ? "nemotron" : preset["max_patches"] != nil ? "kimi" : "qwen")
      for (key, value) in preset.object ?? JSONObject() {
        let text = key.text ?? ""
        switch text {
        case "lo": object.set(isNemotron ? "min_patches" : "min_pixels", to: value)
        case "hi": object.set(isNemotron ? "max_patches" : "max_pixels", to: value)
        default: object.set(JSONString(keys[text] ?? text), to: value)
        }
      }
      presets[name.text ?? ""] = try PreprocessorConfiguration(.object(object))
    }
    return presets
  }
}

enum GoldenError: Error { case noRows(String), badRow(String) }

extension SHA256 {
  /// The digest of bytes in hexadecimal digits.
  static func hex(_ bytes: [UInt8]) -> String {
    var digest = SHA256()
    digest.update(bytes.span)
    return digest.finish()
  }

  /// The digest of floats as little-endian bytes.
  static func hex(_ values: Span<Float>) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 4)
    for index in values.indices {
      let bits = values[index].bitPattern
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
    }
    return hex(bytes)
  }
}

extension JSONObject {
  func text(_ key: String) throws -> String {
    guard let text = self[key]?.text else { throw GoldenError.badRow(key) }
    return text
  }

  func integer(_ key: String) throws -> Int {
    guard let value = self[key]?.int else { throw GoldenError.badRow(key) }
    return value
  }

  func integers(_ key: String) throws -> [Int] {
    guard let values = self[key]?.array?.compactMap(\.int) else { throw GoldenError.badRow(key) }
    return values
  }
}
