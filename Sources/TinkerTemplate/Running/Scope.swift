/// Variables, with those around them.
final class Scope {
  private let parent: Scope?
  private var variables: [String: Value] = [:]

  init(inside parent: Scope?) { self.parent = parent }

  /// The value of a variable here or around.
  subscript(name: String) -> Value? {
    var scope: Scope? = self
    while let here = scope {
      if let value = here.variables[name] { return value }
      scope = here.parent
    }
    return nil
  }

  func set(_ name: String, to value: Value) { variables[name] = value }

  /// Lets go of all variables, so that values which know this scope do not keep it.
  func clear() { variables = [:] }
}
