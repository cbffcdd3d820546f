#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import SwiftProtobuf
package import TinkerData

/// The body of `forward_backward`.
package struct ForwardBackwardRequest: Sendable, Hashable {
  /// The model.
  package var modelID: String
  /// The place in the order of the model's requests, from 1; 0 if the request tells none.
  package var sequenceNumber: Int
  /// The examples.
  package var data: [Datum]
  /// The loss.
  package var loss: LossFunction
  /// Whether nothing is changed.
  package var isForwardOnly: Bool

  package init(
    modelID: String, sequenceNumber: Int, data: [Datum], loss: LossFunction, isForwardOnly: Bool
  ) {
    self.modelID = modelID
    self.sequenceNumber = sequenceNumber
    self.data = data
    self.loss = loss
    self.isForwardOnly = isForwardOnly
  }

  /// The protobuf form. Numbers of the loss go to both tables of settings, texts to the second only.
  ///
  /// - Throws: `WireError` for a value that has no form there.
  package func serialized() throws(WireError) -> [UInt8] {
    var message = WireForwardBackwardRequest()
    message.modelID = modelID
    guard let sequenceNumber = Int32(exactly: sequenceNumber) else {
      throw .unsupported("a model takes at most \(Int32.max) requests")
    }
    message.seqID = sequenceNumber
    message.data.reserveCapacity(data.count)
    for datum in data { message.data.append(try WireDatum(datum)) }
    message.lossFn = loss.name
    for setting in loss.settings {
      var value = WireLossConfigValue()
      switch setting.value {
      case .number(let number):
        message.lossFnConfig[setting.name] = number
        value.number = number
      case .text(let text): value.text = text
      }
      message.lossFnConfigV2[setting.name] = value
    }
    message.forwardOnly = isForwardOnly
    do { return try message.serializedBytes() } catch {
      throw .malformed("forward_backward", what: "\(error)")
    }
  }

  /// Reads the protobuf form; the second table of settings is preferred where it is present.
  ///
  /// - Throws: `WireError` for bytes that are not such a request.
  package init(serialized bytes: [UInt8]) throws(WireError) {
    let message: WireForwardBackwardRequest
    do { message = try WireForwardBackwardRequest(serializedBytes: bytes) } catch {
      throw .malformed("forward_backward", what: "\(error)")
    }
    var settings: [LossFunction.Setting] = []
    if message.lossFnConfigV2.isEmpty {
      for (name, number) in message.lossFnConfig.sorted(by: { $0.key < $1.key }) {
        settings.append(.init(name: name, value: .number(number)))
      }
    }
    for (name, setting) in message.lossFnConfigV2.sorted(by: { $0.key < $1.key }) {
      switch setting.value {
      case .number(let number): settings.append(.init(name: name, value: .number(number)))
      case .text(let text): settings.append(.init(name: name, value: .text(text)))
      case nil: throw .malformed("loss_fn_config.\(name)", what: "a value of an unknown kind")
      }
    }
    var data: [Datum] = []
    data.reserveCapacity(message.data.count)
    for (index, datum) in message.data.enumerated() {
      data.append(try datum.datum(at: "data[\(index)]"))
    }
    self.init(
      modelID: message.modelID, sequenceNumber: Int(message.seqID), data: data,
      loss: LossFunction(name: message.lossFn, settings: settings),
      isForwardOnly: message.forwardOnly)
  }
}
