import Foundation
import Testing

/// Whether the figures of the demonstrations are measured. A debug build is too slow for them.
enum Proofs {
  static let areOn: Bool = {
    #if DEBUG
      ProcessInfo.processInfo.environment["TINKERKIT_PROOFS"] != nil
    #else
      true
    #endif
  }()
  static let hint: Comment = "the proofs train for seconds: swift test -c release --filter Proof"
}
