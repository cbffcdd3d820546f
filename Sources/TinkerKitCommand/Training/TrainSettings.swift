import TinkerFiles
import TinkerKit

/// The settings of a run by name: what a configuration file says, and above it what the flags say. Whatever
/// is read is noted with the value in force, and what nobody reads is an error.
struct TrainSettings {
  private let values: JSONObject
  private let origin: (String) -> String
  /// The settings that were read, with the values in force.
  private(set) var resolved = JSONObject()

  /// - Parameters:
  ///   - file: The configuration file, if there is one.
  ///   - flags: What the flags say.
  /// - Throws: `CommandFailure` for a file that holds no settings.
  init(file: String?, flags: [(String, JSONValue)]) throws(CommandFailure) {
    var values = JSONObject()
    if let file {
      do {
        guard let object = try JSONValue.parse(try WholeFile.bytes(path: file)).object else {
          throw CommandFailure(.badInput, "\(file): an object of settings is expected")
        }
        values = object
      } catch let failure as CommandFailure { throw failure } catch {
        throw CommandFailure(.badInput, "\(file): \(error)")
      }
    }
    let given = flags.map(\.0)
    for (name, value) in flags { values[name] = value }
    self.values = values
    origin = { name in
      given.contains(name)
        ? "--" + String(name.map { $0 == "_" ? "-" : $0 }) : "\(file ?? "config.json"): \(name)"
    }
  }

  /// The settings of a run that goes on.
  init(resuming folder: String) throws(CommandFailure) {
    do { values = try RunFolder.configuration(in: folder) } catch {
      throw CommandFailure(.badInput, "\(error)")
    }
    origin = { "\(RunFolder.configurationPath(folder)): \($0)" }
  }

  private mutating func value(_ name: String) -> JSONValue? {
    guard let value = values[name], value != .null else {
      resolved[name] = .null
      return nil
    }
    resolved[name] = value
    return value
  }

  private func wrong(_ name: String, _ expected: String) -> CommandFailure {
    CommandFailure(.usage, "\(origin(name)): \(expected) is expected")
  }

  mutating func text(_ name: String) throws(CommandFailure) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.text else { throw wrong(name, "a text") }
    return text
  }

  mutating func texts(_ name: String) throws(CommandFailure) -> [String] {
    guard let value = value(name) else { return [] }
    guard let texts = value.array?.compactMap(\.text), texts.count == value.array?.count else {
      throw wrong(name, "a list of texts")
    }
    return texts
  }

  mutating func int(_ name: String) throws(CommandFailure) -> Int? {
    guard let value = value(name) else { return nil }
    guard let int = value.int else { throw wrong(name, "an integer") }
    return int
  }

  mutating func int(_ name: String, otherwise: Int) throws(CommandFailure) -> Int {
    let found = try int(name)
    if found == nil { resolved[name] = .number(.integer(otherwise)) }
    return found ?? otherwise
  }

  mutating func double(_ name: String) throws(CommandFailure) -> Double? {
    guard let value = value(name) else { return nil }
    guard let double = value.double else { throw wrong(name, "a number") }
    return double
  }

  mutating func double(_ name: String, otherwise: Double) throws(CommandFailure) -> Double {
    let found = try double(name)
    if found == nil { resolved[name] = .number(.double(otherwise)) }
    return found ?? otherwise
  }

  mutating func flag(_ name: String) throws(CommandFailure) -> Bool {
    guard let value = value(name) else {
      resolved[name] = false
      return false
    }
    guard let flag = value.bool else { throw wrong(name, "true or false") }
    return flag
  }

  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, otherwise: Choice
  ) throws(CommandFailure) -> Choice {
    guard let text = try text(name) else {
      resolved[name] = .orNull(otherwise.rawValue)
      return otherwise
    }
    guard let choice = Choice(rawValue: text) else {
      throw wrong(name, Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  /// Notes a value that was found out.
  mutating func note(_ name: String, _ value: JSONValue) { resolved[name] = value }

  /// Refuses a setting that is given and has no effect.
  func refuse(_ name: String, _ why: String) throws(CommandFailure) {
    guard let value = values[name], value != .null, value != .bool(false) else { return }
    throw CommandFailure(.usage, "\(origin(name)) has no effect \(why)")
  }

  /// Refuses settings that nobody read.
  func finish() throws(CommandFailure) {
    let known = resolved.map { $0.key.description }
    for (name, _) in values where resolved[name] == nil {
      let close = Suggestion.clause(for: name.description, among: known)
      throw CommandFailure(
        .usage, "\(origin(name.description)) is no setting of this recipe\(close)")
    }
  }
}
