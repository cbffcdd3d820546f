import TinkerKit

/// The operations on images. The library has no decoder for images yet, and says so.
enum ImageOperations {
  static func answer(
    _ operation: WorkerOperation, _ request: borrowing WorkerRequest, into writer: inout JSONWriter
  ) throws(WorkerError) {
    throw .unsupported("\(operation.rawValue): this version does not decode images")
  }
}
