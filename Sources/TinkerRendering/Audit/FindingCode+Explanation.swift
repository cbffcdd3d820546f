extension FindingCode {
  /// What the finding means, in one sentence. The documentation has a page for each code.
  public var meaning: String {
    switch self {
    case .notRenderable: "The record cannot be read, or the renderer refuses it."
    case .nullFields: "Keys have the value null, as column stores fill them in."
    case .roleOrder: "Roles follow each other as no chat has them."
    case .emptyAssistant: "An assistant's message says nothing."
    case .unicodeReplacement: "Text holds U+FFFD: bytes were lost before the text came here."
    case .toolCallUnknown: "A call names a tool that is not declared, or an answer no call."
    case .toolArgumentsInvalid: "The arguments of a call are not what the tool takes."
    case .argumentsAsString: "The arguments of a call were encoded twice."
    case .dateDependent: "A prompt names a day, and the model serves on another."
    case .imageCountMismatch: "The marks of images, or what was written of them, do not add up."
    case .noLoss: "Nothing is trained: the loss is zero."
    case .allLoss: "Everything is trained, what the model is given too."
    case .doubleBOS: "The token that begins a sequence stands there twice."
    case .missingStopInLoss: "An answer is trained and its end is not: the model does not stop."
    case .specialTokenInContent: "Text of the record became a control token."
    case .trainedNotSampled: "A token is trained that the model would never have produced."
    case .reasoningDropped: "An answer is trained without the reasoning that led to it."
    case .tooLong: "The example is longer than the limit."
    case .truncatedTarget: "The limit cuts trained tokens off."
    case .cutImage: "The limit falls inside an image."
    case .notAPrefix: "The prompt that is served is not how the example begins."
    case .historyChanges: "A later turn changes the tokens of an earlier answer."
    case .doesNotParseBack: "What is taught reads as another message than was meant."
    case .retokenizes: "The text of the example encodes into other tokens."
    case .duplicate: "The same conversation stands earlier in the file."
    case .splitLeak: "The same conversation stands in another of the files."
    }
  }
}
