/// A record of an event file, as TensorBoard reads it: a protobuf message between its length and checks.
enum EventRecord {
  /// The record that every file begins with.
  static func version(at time: Double) -> [UInt8] {
    var message = header(time)
    message.field(3, bytes: Array("brain.Event:2".utf8))
    return framed(message.bytes)
  }

  /// A record which says that the steps from here on are made again.
  static func restart(at time: Double, step: Int) -> [UInt8] {
    var log = Protobuf()
    log.field(1, integer: 1)
    var message = header(time)
    message.field(2, integer: step)
    message.field(7, bytes: log.bytes)
    return framed(message.bytes)
  }

  /// The numbers of a step.
  static func scalars(at time: Double, step: Int, _ values: [(name: String, value: Double)])
    -> [UInt8]
  {
    var summary = Protobuf()
    for (name, value) in values {
      var scalar = Protobuf()
      scalar.field(1, bytes: Array(name.utf8))
      scalar.field(2, float: Float(value))
      summary.field(1, bytes: scalar.bytes)
    }
    var message = header(time)
    message.field(2, integer: step)
    message.field(5, bytes: summary.bytes)
    return framed(message.bytes)
  }

  private static func header(_ time: Double) -> Protobuf {
    var message = Protobuf()
    message.field(1, double: time)
    return message
  }

  private static func framed(_ message: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(message.count))
    return length + littleEndian(CRC32C.masked(of: length)) + message
      + littleEndian(CRC32C.masked(of: message))
  }

  static func littleEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Number($0 * 8)) }
  }
}

/// The little of protobuf's encoding that events need.
private struct Protobuf {
  private(set) var bytes: [UInt8] = []

  mutating func field(_ number: UInt64, integer: Int) {
    varint(number << 3)
    varint(UInt64(bitPattern: Int64(integer)))
  }

  mutating func field(_ number: UInt64, double: Double) {
    varint(number << 3 | 1)
    bytes += EventRecord.littleEndian(double.bitPattern)
  }

  mutating func field(_ number: UInt64, float: Float) {
    varint(number << 3 | 5)
    bytes += EventRecord.littleEndian(float.bitPattern)
  }

  mutating func field(_ number: UInt64, bytes value: [UInt8]) {
    varint(number << 3 | 2)
    varint(UInt64(value.count))
    bytes += value
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
