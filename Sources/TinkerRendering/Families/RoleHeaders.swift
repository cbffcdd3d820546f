/// The headers of a family, encoded once for the usual roles.
struct RoleHeaders: Sendable {
  private let known: [(role: String, ids: [UInt32])]
  private let text: @Sendable (String) -> String

  /// Headers by the text of a role.
  init(
    _ setup: FamilySetup, roles: [String] = [Role.user, Role.assistant, Role.system],
    text: @escaping @Sendable (String) -> String
  ) {
    known = roles.map { ($0, setup.encode(text($0))) }
    self.text = text
  }

  /// Writes the header of a role as one chunk.
  func write(_ role: String, to out: inout TokenWriter) {
    for header in known where header.role == role {
      out.header(header.ids)
      return
    }
    out.header(encoding: text(role))
  }
}

/// Headers that begin with a newline unless they open the conversation.
struct PositionedHeaders: Sendable {
  private let first: RoleHeaders
  private let later: RoleHeaders

  /// Headers by the text of a role, without the newline.
  init(
    _ setup: FamilySetup, roles: [String] = [Role.user, Role.assistant, Role.system],
    text: @escaping @Sendable (String) -> String
  ) {
    first = RoleHeaders(setup, roles: roles, text: text)
    later = RoleHeaders(setup, roles: roles) { "\n" + text($0) }
  }

  /// Writes the header of a role as one chunk.
  func write(_ role: String, at index: Int, to out: inout TokenWriter) {
    (index > 0 ? later : first).write(role, to: &out)
  }
}
