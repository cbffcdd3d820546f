/// Results of tools in the order of their calls.
enum GLMToolOrder {
  /// Sorts each run of tool messages by the calls of the answer before it, where every call and every
  /// result has an id of its own and every result's call is known. Other runs are left as they are.
  static func sorted(_ messages: ArraySlice<Message>) -> NormalizedMessages {
    var order = Array(messages.indices)
    var index = messages.startIndex
    while index < messages.endIndex {
      guard messages[index].role == Role.tool else {
        index += 1
        continue
      }
      let end = messages[index...].firstIndex { $0.role != Role.tool } ?? messages.endIndex
      if index > messages.startIndex,
        let sorted = sorted(index..<end, by: messages[index - 1], in: messages)
      {
        order.replaceSubrange(index..<end, with: sorted)
      }
      index = end
    }
    return NormalizedMessages(order.map { messages[$0] }[...], sources: order)
  }

  private static func sorted(
    _ run: Range<Int>, by answer: Message, in messages: ArraySlice<Message>
  ) -> [Int]? {
    guard answer.role == Role.assistant, let calls = answer.toolCalls, !calls.isEmpty else {
      return nil
    }
    let callIDs = calls.compactMap { $0.id?.isEmpty == false ? $0.id : nil }
    let places = run.compactMap { index in
      messages[index].toolCallID.flatMap { id in
        callIDs.firstIndex(of: id).map { (place: $0, index: index) }
      }
    }
    guard callIDs.count == calls.count, Set(callIDs).count == calls.count,
      places.count == run.count, Set(places.map(\.place)).count == run.count
    else { return nil }
    return places.sorted { $0.place < $1.place }.map(\.index)
  }
}
