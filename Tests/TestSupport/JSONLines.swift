public import Foundation
public import TinkerJSON

/// Reads JSON Lines, one value a line; empty lines are skipped.
///
/// - Throws: what reading the file throws, or the `JSONError` of the first bad line.
public func jsonLines(_ file: URL) throws -> [JSONValue] {
  try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
    .map { try JSONValue.parse([UInt8]($0)) }
}
