public import TinkerData
public import TinkerRendering
internal import TinkerTokenizer

/// A conversation with a model as the tokens that were read and written: a later turn is appended to what the
/// model wrote, which is never rendered or encoded again.
///
/// ```swift
/// var transcript = try TokenTranscript([.user("2+2?")], renderer: renderer)
/// let response = try transcript.take(sampledTokens)
/// try transcript.append([.user("And 3+3?")])  // transcript.input is the next prompt
/// ```
public struct TokenTranscript: Sendable {
  /// Why a turn cannot be appended.
  public enum Break: Error, Sendable, Hashable, CustomStringConvertible {
    /// The model's turn has no end, so nothing can follow it.
    case unfinished
    /// The renderer ends a turn with text that belongs to the next turn, not with tokens of the turn's own.
    case noStopToken
    /// A later turn changes what was read before, from that position on.
    case promptChanges(position: Int)
    /// A later turn changes what the model wrote, for example drops its reasoning.
    case answerChanges

    /// A word for metrics.
    public var name: String {
      switch self {
      case .unfinished: "unfinished"
      case .noStopToken: "no_stop_token"
      case .promptChanges: "prompt_changes"
      case .answerChanges: "answer_changes"
      }
    }

    /// The sentence.
    public var description: String {
      switch self {
      case .unfinished: "the answer has no end, so that no turn can follow it"
      case .noStopToken: "the renderer ends turns with text, which belongs to the next turn"
      case .promptChanges(let position):
        "a later turn changes the tokens of the prompt from position \(position) on"
      case .answerChanges: "a later turn changes the text of the answer"
      }
    }
  }

  /// The conversation, answers parsed.
  public private(set) var messages: [Message]
  /// Everything that was read and written.
  public var input: ModelInput { flat.input }
  private let renderer: Renderer
  private var flat: FlatInput
  /// The last answer, until a turn follows.
  private var answer: (promptEnd: Int, tokens: [UInt32], isFinished: Bool)?

  /// A conversation before the model's first turn.
  ///
  /// - Throws: `RenderingError`.
  public init(_ messages: [Message], renderer: Renderer) throws(RenderingError) {
    self.messages = messages
    self.renderer = renderer
    flat = FlatInput(try renderer.generationPrompt(for: messages).modelInput)
  }

  /// Takes what the model wrote.
  ///
  /// - Parameter tokens: The sampled tokens, the end token included.
  /// - Returns: The answer, parsed.
  /// - Throws: `RenderingError` if the tokens hold more than one answer.
  @discardableResult
  public mutating func take(_ tokens: [UInt32]) throws(RenderingError) -> ParsedResponse {
    let response = try renderer.parse(tokens)
    answer = (flat.elements.count, tokens, response.termination.isStopSequence)
    flat.append(tokens)
    messages.append(response.message)
    return response
  }

  /// Appends turns behind the model's answer. If they cannot be appended, nothing changes.
  ///
  /// - Parameter turns: What follows, for example a tool's result.
  /// - Throws: ``Break`` with the reason, or `RenderingError`.
  public mutating func append(_ turns: [Message]) throws {
    guard let answer else {
      throw TrainingError.setting(name: "append", "a turn follows an answer, which take() takes")
    }
    guard answer.isFinished else { throw Break.unfinished }
    let last = messages.count - 1
    let rendered = try renderer.generationPrompt(for: messages + turns)
    let own = rendered.segments.filter { $0.message == last }
    guard let start = own.first?.range.lowerBound, let end = own.last?.range.upperBound else {
      throw Break.answerChanges
    }
    let stop = own.last { $0.kind == .stop }.map { Array(rendered.tokens[$0.range]) } ?? []
    guard !stop.isEmpty, answer.tokens.suffix(stop.count) == stop[...] else {
      throw Break.noStopToken
    }
    let whole = FlatInput(rendered.modelInput)
    // What was read, except the header of the answer, which a prompt and an example may cut differently.
    for index in 0..<answer.promptEnd {
      guard index < whole.elements.count, whole.elements[index] == flat.elements[index] else {
        throw Break.promptChanges(position: index)
      }
    }
    if !renderer.hasExtensionProperty {
      let prompt = flat.elements[..<answer.promptEnd].reduce(0) { $0 + $1.length }
      let tokenizer = renderer.tokenizer
      let written = tokenizer.decodeBytes(answer.tokens)
      let renderedAnswer = tokenizer.decodeBytes(Array(rendered.tokens[max(start, prompt)..<end]))
      guard written == renderedAnswer else { throw Break.answerChanges }
    }
    // The tail by positions; images are whole, so a border of a segment is one of an element.
    var position = 0
    let tail = whole.elements.drop {
      position += $0.length
      return position <= end
    }
    flat.append(tail)
    messages += turns
    self.answer = nil
  }

  /// Renders the conversation with further turns from the beginning: what remains when ``append(_:)`` refuses.
  ///
  /// - Throws: `RenderingError`; nothing has changed.
  public mutating func renderAgain(with turns: [Message]) throws(RenderingError) {
    let all = messages + turns
    flat = FlatInput(try renderer.generationPrompt(for: all).modelInput)
    messages = all
    answer = nil
  }
}
