import ArgumentParser
import TinkerKit

/// One `KEY=VALUE` of `--renderer-option`.
struct RendererOption: ExpressibleByArgument {
  let key: String
  let value: JSONValue

  init?(argument: String) {
    guard let separator = argument.firstIndex(of: "=") else { return nil }
    key = String(argument[..<separator])
    let text = String(argument[argument.index(after: separator)...])
    if key.isEmpty { return nil }
    switch text {
    case "true": value = true
    case "false": value = false
    default: value = .string(JSONString(text))
    }
  }
}
