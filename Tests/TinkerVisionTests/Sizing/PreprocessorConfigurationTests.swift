import Testing
import TinkerVision

@Suite struct PreprocessorConfigurationTests {
  private func limits(_ text: String) throws -> [Int] {
    let configuration = try PreprocessorConfiguration(parsing: Array(text.utf8))
    guard case .qwen(let rule) = configuration.size else { return [] }
    return [rule.patchSize, rule.mergeSize, rule.minPixels, rule.maxPixels]
  }

  @Test func bothSpellingsOfTheLimitsAreRead() throws {
    let old = #"{"patch_size": 14, "min_pixels": 100, "max_pixels": 200, "merge_size": 2}"#
    #expect(try limits(old) == [14, 2, 100, 200])
    let new = #"{"patch_size": 16, "size": {"shortest_edge": 300, "longest_edge": 400}}"#
    #expect(try limits(new) == [16, 2, 300, 400])
    #expect(try limits(#"{"image_processor": \#(new)}"#) == [16, 2, 300, 400])
  }

  @Test func absentLimitsAreThoseOfTheModels() throws {
    #expect(try limits(#"{"patch_size": 16}"#) == [16, 2, 65_536, 16_777_216])
    #expect(try limits("{}") == [14, 2, 3_136, 12_845_056])
    #expect(try limits(#"{"min_pixels": null}"#) == [14, 2, 3_136, 12_845_056])
  }

  @Test(
    arguments: [
      (#"{"patch_size": 0}"#, "patch_size"), (#"{"patch_size": "16"}"#, "patch_size"),
      (#"{"max_pixels": 99999999999999999999}"#, "max_pixels"),
      (#"{"image_mean": [0.5, 0.5]}"#, "image_mean"), (#"{"image_std": [1, 1, 0]}"#, "image_std"),
      (#"{"image_std": [1, 1, "x"]}"#, "image_std"), (#"{"kind": "clip"}"#, "kind"),
      (#"{"kind": "nemotron", "max_patches": 5}"#, "max_patches"),
      (#"{"temporal_patch_size": 1}"#, "temporal_patch_size"),
    ])
  func badValuesAreNamed(_ text: String, _ key: String) {
    let error = #expect(throws: PreprocessorConfigurationError.self) {
      try PreprocessorConfiguration(parsing: Array(text.utf8))
    }
    #expect(error?.key == key)
  }

  @Test(arguments: ["", "[]", "{"])
  func otherTextsAreRefused(_ text: String) {
    #expect(throws: PreprocessorConfigurationError.self) {
      try PreprocessorConfiguration(parsing: Array(text.utf8))
    }
  }
}
