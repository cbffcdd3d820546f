/// The buffers and caches of one worker; not to be shared between tasks.
public struct RenderSession: ~Copyable {
  /// As `Renderer.generationPrompt`, into a prompt whose memory is used again.
  ///
  /// - Throws: `RenderingError` with the message and the field.
  public mutating func generationPrompt(
    for messages: [Message], role: String = Role.assistant, prefill: String? = nil,
    into prompt: inout RenderedPrompt
  ) throws(RenderingError) {
    throw .unsupported("prompts", by: "")
  }

  /// As `Renderer.supervisedExample`, into an example whose memory is used again.
  ///
  /// - Throws: `RenderingError` with the message and the field.
  public mutating func supervisedExample(
    for messages: [Message], trainOn: TrainOn = .lastAssistantMessage,
    into example: inout SupervisedExample
  ) throws(RenderingError) {
    throw .unsupported("examples", by: "")
  }

  /// As `Renderer.supervisedExamples`.
  ///
  /// - Throws: `RenderingError` with the message and the field.
  public mutating func supervisedExamples(
    for messages: [Message], trainOn: TrainOn = .lastAssistantTurn
  ) throws(RenderingError) -> [SupervisedExample] {
    throw .unsupported("examples", by: "")
  }
}
