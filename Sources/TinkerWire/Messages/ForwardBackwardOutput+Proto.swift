#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import SwiftProtobuf
package import TinkerData

extension ForwardBackwardOutput {
  /// A record of more examples is refused: its size comes from outside.
  private static let maximumExamples: Int64 = 1 << 20

  /// Reads the protobuf form.
  ///
  /// - Throws: `WireError` for bytes that are not such a result.
  package init(serialized bytes: [UInt8]) throws(WireError) {
    let message: WireForwardBackwardOutput
    do { message = try WireForwardBackwardOutput(serializedBytes: bytes) } catch {
      throw .malformed("result of forward_backward", what: "\(error)")
    }
    var outputs: [LossOutput] = []
    for record in message.lossFnOutputs { outputs += try Self.outputs(of: record) }
    let type = message.lossFnOutputType
    self.init(
      outputType: message.lossFnOutputs.isEmpty
        ? (type.isEmpty ? "ArrayRecord" : type)
        : String(type.split(separator: ":", omittingEmptySubsequences: false).last ?? ""),
      lossOutputs: outputs, metrics: message.metrics)
  }

  /// The outputs of one record. Without fields there are as many empty outputs as it has examples.
  private static func outputs(of record: WireArrayRecord) throws(WireError) -> [LossOutput] {
    let place = "result of forward_backward"
    guard record.numDatums >= 0, record.numDatums <= Self.maximumExamples else {
      throw .malformed(place, what: "a record of \(record.numDatums) examples")
    }
    // Old servers do not tell the number of examples.
    var count = record.numDatums > 0 || record.fields.isEmpty ? Int(record.numDatums) : nil
    var outputs = [LossOutput](repeating: LossOutput(tensors: []), count: count ?? 0)
    for (name, batch) in record.fields.sorted(by: { $0.key < $1.key }) {
      let tensors = try batch.tensors(named: name)
      if count == nil {
        count = tensors.count
        outputs = [LossOutput](repeating: LossOutput(tensors: []), count: tensors.count)
      }
      guard tensors.count == outputs.count else {
        throw .malformed(
          place, what: "\(name) has \(tensors.count) outputs for \(outputs.count) examples")
      }
      for (index, tensor) in tensors.enumerated() {
        outputs[index].tensors.append(Datum.LossInput(name: name, tensor: tensor))
      }
    }
    return outputs
  }

  /// The protobuf form: one record for each run of outputs that have the same names, types and trailing
  /// extents.
  ///
  /// - Throws: `WireError` if it cannot be written.
  package func serialized() throws(WireError) -> [UInt8] {
    var message = WireForwardBackwardOutput()
    message.lossFnOutputType = outputType
    message.metrics = metrics
    var rest = lossOutputs[...]
    while let first = rest.first {
      let run = rest.prefix { $0.layout == first.layout }
      rest = rest.dropFirst(run.count)
      var record = WireArrayRecord()
      record.typeTag = outputType
      record.numDatums = Int64(run.count)
      for (index, field) in first.tensors.enumerated() {
        record.fields[field.name] = WireBatchedTensor(
          run.map { $0.tensors[index].tensor }, like: field.tensor)
      }
      message.lossFnOutputs.append(record)
    }
    do { return try message.serializedBytes() } catch {
      throw .malformed("result of forward_backward", what: "\(error)")
    }
  }
}

extension ForwardBackwardOutput.LossOutput {
  /// What outputs of one record have in common.
  fileprivate var layout: [String] {
    tensors.map { field in
      switch field.tensor.elements {
      case .integers: "\(field.name) int64 \(field.tensor.shape.dropFirst())"
      case .floats: "\(field.name) float32 \(field.tensor.shape.dropFirst())"
      }
    }
  }
}

extension WireBatchedTensor {
  fileprivate init(_ tensors: [TensorData], like first: TensorData) {
    self.init()
    trailingShape = first.shape.dropFirst().map(Int64.init)
    var offsets: [Int64] = [0]
    for tensor in tensors {
      switch tensor.dense.elements {
      case .integers(let values):
        dtype = .int64
        data.append(NumberBuffer.bytes(of: values))
      case .floats(let values):
        dtype = .float32
        data.append(NumberBuffer.bytes(of: values))
      }
      offsets.append(Int64(data.count))
    }
    self.offsets = NumberBuffer.bytes(of: offsets)
  }

  /// One tensor for each slice between two offsets.
  fileprivate func tensors(named name: String) throws(WireError) -> [TensorData] {
    let place = "result of forward_backward, \(name)"
    guard let offsets = NumberBuffer.integers(self.offsets, as: Int64.self) else {
      throw .malformed(place, what: "offsets are cut off")
    }
    let trailing = try extents(trailingShape, at: place)
    var width = 1
    for extent in trailing {
      let (product, overflow) = width.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .malformed(place, what: "extents \(trailing)") }
      width = product
    }
    var out: [TensorData] = []
    for (start, end) in zip(offsets, offsets.dropFirst()) {
      guard start >= 0, start <= end, end <= Int64(data.count) else {
        throw .malformed(place, what: "offsets \(start) to \(end) of \(data.count) bytes")
      }
      let slice = data[data.startIndex + Int(start)..<data.startIndex + Int(end)]
      let elements = try dtype.elements(slice, at: place)
      let leading = width == 0 ? 0 : elements.count / width
      do { out.append(try TensorData(elements: elements, shape: [leading] + trailing)) } catch {
        throw .field(error)
      }
    }
    return out
  }
}
