import TinkerJSON

/// The values of the input by number, each with its place among them.
struct OriginTable: Sendable {
  enum Step: Sendable {
    case member(JSONString)
    case element(Int)
  }

  private struct Node: Sendable {
    let parent: Int
    let step: Step
    /// The index of the message that the value is part of, or -1.
    let message: Int
  }

  private var nodes: [Node] = []

  /// Adds a value below another, or, below -1, a variable.
  mutating func add(_ step: Step, below parent: Int) -> Int {
    var message = -1
    if nodes.indices.contains(parent) {
      message = nodes[parent].message
      if message < 0, nodes[parent].parent < 0, case .element(let index) = step,
        case .member(let name) = nodes[parent].step, name == "messages"
      {
        message = index
      }
    }
    nodes.append(Node(parent: parent, step: step, message: message))
    return nodes.count - 1
  }

  /// The origin of the value with that number.
  func origin(_ node: Int) -> Origin {
    .input(node, message: nodes.indices.contains(node) ? Int32(clamping: nodes[node].message) : -1)
  }

  /// Whether a value *is* a message, not only lies in one.
  func isWholeMessage(_ origin: Origin) -> Bool {
    guard let node = origin.node, nodes.indices.contains(node), nodes[node].message >= 0,
      case .element = nodes[node].step, nodes.indices.contains(nodes[node].parent)
    else { return false }
    return nodes[nodes[node].parent].parent < 0
  }

  /// The place of a value, for example `messages[2].tool_calls[0].function.name`.
  func path(_ node: Int) -> String {
    var steps: [String] = []
    var next = node
    while nodes.indices.contains(next) {
      switch nodes[next].step {
      case .member(let name): steps.append(nodes[next].parent < 0 ? name.description : ".\(name)")
      case .element(let index): steps.append("[\(index)]")
      }
      next = nodes[next].parent
    }
    return steps.reversed().joined()
  }
}
