import Testing
import TinkerJSON

@Suite struct JSONWriterTests {
  @Test func separatorsStandWhereTheyBelong() {
    var writer = JSONWriter(style: .compact)
    writer.beginObject()
    writer.key("a")
    writer.beginArray()
    writer.integer(1)
    writer.beginObject()
    writer.endObject()
    writer.string("x")
    writer.endArray()
    writer.key("b")
    writer.null()
    writer.key("c")
    writer.raw(Array("[1, 2]".utf8).span)
    writer.endObject()
    #expect(
      String(decoding: writer.bytes, as: UTF8.self) == #"{"a":[1,{},"x"],"b":null,"c":[1, 2]}"#)
    writer.reset()
    writer.bool(false)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "false")
  }

  @Test(arguments: [0, 9, 10, -1, 1_234_567, Int.max, Int.min])
  func integersAreWrittenWhole(value: Int) {
    var writer = JSONWriter()
    writer.integer(value)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "\(value)")
  }

  @Test func numbersSpeakPython() {
    #expect(JSONNumber.double(.infinity).pythonText == "inf")
    #expect(JSONValue.number(.double(-.infinity)).serialized() == "-Infinity")
    #expect(JSONNumber.double(1e16).pythonText == "1e+16")
    #expect(JSONNumber.bigInteger("100000000000000000000").double == 1e20)
  }
}
