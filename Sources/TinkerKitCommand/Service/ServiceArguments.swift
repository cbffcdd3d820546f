import ArgumentParser
import TinkerFiles
import TinkerKit

/// Which service, and how long to wait for it.
struct ServiceArguments: ParsableArguments {
  @Option(help: "The address of the service. By default TINKER_BASE_URL, or the public service.")
  var baseUrl: String?

  @Option(help: ArgumentHelp("The longest wait for one operation.", valueName: "seconds"))
  var deadline: Int?

  @Flag(help: "Print JSON: one object, or one a line for a list.")
  var json = false

  func validate() throws {
    if let deadline, deadline <= 0 { throw ValidationError("--deadline must be positive") }
  }

  /// How long a question may take that the service answers at once; a wrong address is told after it.
  private static let patience = Duration.seconds(30)

  /// Options for questions.
  var questions: ServiceOptions {
    var options = options
    options.deadline = options.deadline ?? Self.patience
    return options
  }

  /// Options whose messages go to standard error.
  var options: ServiceOptions {
    var options = ServiceOptions(baseURL: baseUrl)
    options.deadline = deadline.map { .seconds($0) }
    options.onQueueState = { report in
      if report.state != .active { Terminal.writeMessage("tinkerkit: \(report)\n") }
    }
    return options
  }

  /// Does work with the service; its errors become the command's.
  func perform(_ work: () async throws -> Void) async throws {
    do { try await work() } catch let error as ClientError {
      switch error {
      case .configuration, .invalidArgument:
        throw CommandFailure(.usage, error.description)
      case .transport(let failure) where failure.kind == .badURL:
        throw CommandFailure(.usage, error.description)
      case .file: throw CommandFailure(.badInput, error.description)
      case .status, .transport, .requestFailed, .resultLost, .unexpectedReply, .stuck, .closed:
        throw CommandFailure(.network, error.description)
      }
    } catch let error as TransportError {
      throw CommandFailure(.network, error.description)
    } catch let error as DataError {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// Prints rows: a table for people, or JSON objects with the same names.
  func printRows(_ names: [String], _ rows: [[JSONValue]]) throws(CommandFailure) {
    if json {
      for row in rows {
        var object = JSONObject()
        for (name, value) in zip(names, row) { object[name] = value }
        try OutputFile.printLine(JSONValue.object(object).serialized(.compact))
      }
      return
    }
    let cells = [names] + rows.map { $0.map(Self.plain) }
    let widths = names.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    for row in cells {
      let padded = row.indices.map { column in
        column == row.count - 1
          ? row[column]
          : row[column] + String(repeating: " ", count: widths[column] - row[column].count)
      }
      try OutputFile.printLine(padded.joined(separator: "  "))
    }
  }

  /// Prints one thing, a line for each of its parts.
  func printOne(_ parts: [(String, JSONValue)]) throws(CommandFailure) {
    if json {
      try printRows(parts.map(\.0), [parts.map(\.1)])
    } else {
      for (name, value) in parts { try OutputFile.printLine("\(name): \(Self.plain(value))") }
    }
  }

  private static func plain(_ value: JSONValue) -> String {
    value == .null ? "-" : value.text ?? value.serialized(.compact)
  }
}

extension JSONValue {
  /// A text or null.
  static func orNull(_ text: String?) -> JSONValue { text.map { .string(JSONString($0)) } ?? .null }

  /// A number or null.
  static func orNull(_ number: Int?) -> JSONValue { number.map { .number(.integer($0)) } ?? .null }
}
