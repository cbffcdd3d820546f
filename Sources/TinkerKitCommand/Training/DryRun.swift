import TinkerFiles
import TinkerKit

/// What a run would do.
enum DryRun {
  static func print(_ counts: [(String, Int)]) throws(CommandFailure) {
    var object = JSONObject()
    for (name, count) in counts { object[name] = .number(.integer(count)) }
    try OutputFile.printLine(JSONValue.object(object).serialized())
  }
}
