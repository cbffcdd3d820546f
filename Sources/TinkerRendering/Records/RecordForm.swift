public import TinkerJSON

/// The forms in which data sets write conversations.
public enum RecordForm: String, Sendable, Hashable, CaseIterable {
  /// `{"messages":[{"role":…,"content":…},…],"tools":[…]?,"id":…?}`
  case openai
  /// `{"conversations":[{"from":"human","value":…},…],"system":…?,"tools":[…]?,"id":…?}`
  case sharegpt
  /// `{"instruction":…,"input":…?,"output":…,"system":…?,"id":…?}`
  case alpaca

  /// The form that a record has, by its keys.
  ///
  /// - Parameter reader: A reader before the record.
  /// - Throws: `RenderingError` that names the keys which were found, if they fit no form.
  public init(recognizing reader: inout JSONReader) throws(RenderingError) {
    var keys: [String] = []
    do {
      try reader.beginObject()
      while let key = try reader.nextKey() {
        keys.append(try reader.string(of: key).description)
        try reader.skipValue()
      }
    } catch { throw RenderingError(error) }
    if keys.contains("messages") {
      self = .openai
    } else if keys.contains("conversations") {
      self = .sharegpt
    } else if keys.contains("instruction"), keys.contains("output") {
      self = .alpaca
    } else {
      let found = keys.isEmpty ? "none" : keys.prefix(8).joined(separator: ", ")
      throw RenderingError(
        .request,
        "a conversation has the key messages, the key conversations, or the keys instruction and "
          + "output; the keys here are: \(found)")
    }
  }
}
