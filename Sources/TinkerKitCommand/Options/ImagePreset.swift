import ArgumentParser

/// The image processors that have a name.
enum ImagePreset: String, CaseIterable, ExpressibleByArgument {
  case qwen3VL
  case qwen25VL
}
