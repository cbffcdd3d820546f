import TinkerKit

// Interim: until the registry recommends renderers.
extension Renderer {
  static func recommendedName(forModel model: String) throws(RenderingError) -> String {
    throw RenderingError(.request, "no renderer is recommended for '\(model)'")
  }
}
