/// What can be seen of the roles.
enum RoleRules {
  /// Roles that some family knows.
  private static let known: Set<String> = [
    Role.system, Role.user, Role.assistant, Role.tool, Role.toolDeclaration, "developer",
  ]

  static func check(_ messages: [Message], _ list: inout FindingList) {
    guard list.wants(.roleOrder) else { return }
    var previous: Message?
    for (index, message) in messages.enumerated() {
      if let fault = fault(of: message, after: previous, isFirst: index == 0) {
        list.add(.roleOrder, fault, at: Finding.Place(message: index, field: "role"))
      }
      previous = message
    }
  }

  private static func fault(
    of message: Message, after previous: Message?, isFirst: Bool
  ) -> String? {
    let isOpening = previous.map { isInstruction($0.role) } ?? true
    switch message.role {
    case Role.assistant where isOpening:
      return "an assistant's message comes before any user's"
    case Role.assistant where previous?.role == Role.assistant:
      return "two assistant's messages stand in a row; one turn is one message"
    case Role.user where previous?.role == Role.user:
      return "two user's messages stand in a row; an answer between them is missing"
    case Role.system where !isFirst && !isOpening:
      return "a system message stands in the middle; most models were trained with it in front"
    case Role.tool where previous?.role != Role.tool && previous?.hasToolCalls != true:
      return "a tool answers, and the message before it calls none"
    default: break
    }
    if known.contains(message.role) { return nil }
    let name = AuditContext.quoted(message.role)
    return "the role \(name) is none of system, developer, user, assistant, tool"
  }

  private static func isInstruction(_ role: String) -> Bool {
    role == Role.system || role == "developer" || role == Role.toolDeclaration
  }
}
