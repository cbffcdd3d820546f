import ArgumentParser

/// A word that stands where a command should, which the argument parser calls an unexpected argument.
enum UnknownCommand {
  /// Says which command there is not, and which one may have been meant; nil if all commands are known.
  static func message(for arguments: [String]) -> String? {
    var place = Tinkerkit.configuration
    for word in arguments {
      if place.subcommands.isEmpty || word.hasPrefix("-") || word == "help" { return nil }
      let known = place.subcommands.map { $0.configuration }
      guard let next = known.first(where: { $0.commandName == word }) else {
        return "there is no command '\(word)'"
          + Suggestion.clause(for: word, among: known.compactMap { $0.commandName })
      }
      place = next
    }
    return nil
  }
}
