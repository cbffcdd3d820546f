import ArgumentParser
import TinkerKit

/// The forms in which `render` writes examples.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case datum
  case tokens
  case hf
  case npy
  case safetensors

  /// The form of a line; `nil` where examples are arrays.
  var lines: ExampleFormat? {
    switch self {
    case .datum: .datum
    case .tokens: .tokens
    case .hf: .hf
    case .npy, .safetensors: nil
    }
  }
}
