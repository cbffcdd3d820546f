import Synchronization

/// A few encoders kept between calls, so that a single `encode` finds a warm cache.
///
/// The locks are held for a move each, never while text is encoded.
final class EncoderPool: Sendable {
  private final class Place: Sendable {
    let encoder = Mutex<EncoderState?>(nil)
  }

  /// As many as there are cores; more encoders than that are not kept.
  private let places = (0..<WorkerThreads.coreCount).map { _ in Place() }

  /// An encoder that was put back, or `nil`.
  func take() -> EncoderState? {
    for place in places {
      let found = place.encoder.withLock { $0.take() }
      if let found { return found }
    }
    return nil
  }

  /// Keeps an encoder if there is room.
  func put(_ encoder: consuming EncoderState) {
    var rest: EncoderState? = consume encoder
    for place in places {
      rest = place.encoder.withLock { held in
        guard held == nil else { return rest.take() }
        held = rest.take()
        return nil
      }
      if rest == nil { return }
    }
  }
}
