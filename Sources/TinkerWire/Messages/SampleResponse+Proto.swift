#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import SwiftProtobuf
package import TinkerData

extension SampleResponse {
  /// The log-probability in unused cells of a table of alternatives.
  private static let unused: Float = -99999

  /// Reads the protobuf form.
  ///
  /// - Throws: `WireError` for bytes that are not such a result.
  package init(serialized bytes: [UInt8]) throws(WireError) {
    let message: WireSampleResponse
    do { message = try WireSampleResponse(serializedBytes: bytes) } catch {
      throw .malformed("result of asample", what: "\(error)")
    }
    var sequences: [SampledSequence] = []
    for sequence in message.sequences { sequences.append(try Self.sequence(sequence)) }
    self.init(sequences: sequences, promptCacheHitTokens: Int(message.promptCacheHitTokens))
    if !message.promptLogprobs.isEmpty {
      promptLogprobs = try Self.floats(message.promptLogprobs).map { $0.isNaN ? nil : $0 }
    }
    if message.hasTopkPromptLogprobs {
      topKPromptLogprobs = try Self.table(message.topkPromptLogprobs)
    }
    if message.hasTargetPromptLogprobs {
      targetPromptLogprobs = try message.targetPromptLogprobs.tensorData(
        at: "target_prompt_logprobs")
    }
    if message.hasPromptAltTokens {
      promptAltTokens = AltTokens(
        tokens: try message.promptAltTokens.tokens.tensorData(at: "prompt_alt_tokens.tokens"),
        logprobs: try message.promptAltTokens.logprobs.tensorData(
          at: "prompt_alt_tokens.logprobs"))
    }
  }

  /// The protobuf form.
  ///
  /// - Throws: `WireError` if it cannot be written.
  package func serialized() throws(WireError) -> [UInt8] {
    var message = WireSampleResponse()
    for sequence in sequences {
      var out = WireSampledSequence()
      out.stopReason = sequence.stopReason == .stop ? .stop : .length
      out.tokens = NumberBuffer.bytes(of: sequence.tokens)
      if let logprobs = sequence.logprobs { out.logprobs = NumberBuffer.bytes(of: logprobs) }
      if let table = sequence.topKLogprobs { out.topkSampledLogprobs = Self.message(table) }
      message.sequences.append(out)
    }
    if let promptLogprobs {
      message.promptLogprobs = NumberBuffer.bytes(of: promptLogprobs.map { $0 ?? .nan })
    }
    if let topKPromptLogprobs { message.topkPromptLogprobs = Self.message(topKPromptLogprobs) }
    message.promptCacheHitTokens = Int32(clamping: promptCacheHitTokens)
    if let targetPromptLogprobs {
      message.targetPromptLogprobs = WireTensor(targetPromptLogprobs)
    }
    if let promptAltTokens {
      message.promptAltTokens.tokens = WireTensor(promptAltTokens.tokens)
      message.promptAltTokens.logprobs = WireTensor(promptAltTokens.logprobs)
    }
    do { return try message.serializedBytes() } catch {
      throw .malformed("result of asample", what: "\(error)")
    }
  }

  private static func sequence(
    _ message: WireSampledSequence
  ) throws(WireError) -> SampledSequence {
    let reason: SampledSequence.StopReason
    switch message.stopReason {
    case .stop: reason = .stop
    case .length: reason = .length
    case .UNRECOGNIZED(let value):
      throw .malformed("result of asample", what: "unknown stop reason \(value)")
    }
    guard let tokens = NumberBuffer.integers(message.tokens, as: UInt32.self) else {
      throw .malformed("result of asample", what: "token ids are cut off")
    }
    return SampledSequence(
      tokens: tokens, logprobs: message.logprobs.isEmpty ? nil : try floats(message.logprobs),
      stopReason: reason,
      topKLogprobs: message.hasTopkSampledLogprobs ? try table(message.topkSampledLogprobs) : nil)
  }

  private static func floats(_ bytes: Data) throws(WireError) -> [Float] {
    guard let floats = NumberBuffer.floats(bytes) else {
      throw .malformed("result of asample", what: "log-probabilities are cut off")
    }
    return floats
  }

  /// Rows of alternatives. A row whose first cell is unused is `nil`; unused cells at its end are cut.
  private static func table(
    _ message: WireTopkLogprobs
  ) throws(WireError) -> [[TokenLogprob]?]? {
    let (rows, columns) = (Int(message.length), Int(message.k))
    guard rows > 0, columns > 0 else { return nil }
    let values = try floats(message.logprobs)
    guard let ids = NumberBuffer.integers(message.tokenIds, as: UInt32.self),
      ids.count / columns == rows, ids.count.isMultiple(of: columns), values.count == ids.count
    else {
      throw .malformed("result of asample", what: "a table of alternatives is cut off")
    }
    return (0..<rows).map { row in
      var cells = (row * columns..<(row + 1) * columns).map {
        TokenLogprob(token: ids[$0], logprob: values[$0])
      }
      if cells.first?.logprob == unused { return nil }
      while cells.last?.logprob == unused { cells.removeLast() }
      return cells
    }
  }

  private static func message(_ table: [[TokenLogprob]?]) -> WireTopkLogprobs {
    var out = WireTopkLogprobs()
    let columns = table.map { $0?.count ?? 0 }.max() ?? 0
    out.k = UInt32(clamping: columns)
    out.length = UInt32(clamping: table.count)
    var ids: [UInt32] = []
    var values: [Float] = []
    for row in table {
      for column in 0..<columns {
        let cell = row.flatMap { column < $0.count ? $0[column] : nil }
        ids.append(cell?.token ?? 0)
        values.append(cell?.logprob ?? unused)
      }
    }
    out.tokenIds = NumberBuffer.bytes(of: ids)
    out.logprobs = NumberBuffer.bytes(of: values)
    return out
  }
}
