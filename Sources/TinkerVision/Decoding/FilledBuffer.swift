extension Array {
  /// An array whose memory is filled by a closure without having been touched before.
  ///
  /// The elements need no clean-up, and the closure must write all of them unless it throws; the bytes
  /// that it leaves out would have no defined value.
  static func filled<Failure>(
    count: Int, by fill: (inout MutableSpan<Element>) throws(Failure) -> Void
  ) throws(Failure) -> [Element] where Element: BitwiseCopyable {
    var failure: Failure?
    let array = unsafe [Element](unsafeUninitializedCapacity: count) { memory, initialized in
      // `memory` may be longer than asked for.
      let part = unsafe UnsafeMutableBufferPointer(rebasing: memory[..<count])
      var span = unsafe MutableSpan(_unsafeElements: part)
      do throws(Failure) {
        try fill(&span)
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return array
  }
}

extension MutableSpan where Element: BitwiseCopyable {
  /// A part of the memory, for as long as nobody else uses the whole.
  @_lifetime(&self)
  mutating func part(_ range: Range<Int>) -> MutableSpan<Element> {
    _mutatingExtracting(range)
  }
}
