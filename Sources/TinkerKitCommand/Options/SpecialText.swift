import ArgumentParser
import TinkerKit

/// How text that spells an added token is read, as the command line and the protocol name it.
enum SpecialText: String, CaseIterable, ExpressibleByArgument {
  /// It becomes the token.
  case match
  /// Tokens marked special stay text.
  case literal
  /// No added token matches.
  case none

  var matching: AddedTokenMatching {
    switch self {
    case .match: .match
    case .literal: .literal
    case .none: .none
    }
  }
}
