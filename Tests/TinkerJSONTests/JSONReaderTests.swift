import Testing
import TinkerJSON

@Suite struct JSONReaderTests {
  @Test func pullsMembersAndSkipsTheRest() throws {
    let bytes = Array(#"{"skip":[1,{"a":[]}],"id":"x\u0041","n":-12,"ok":true}"#.utf8)
    var reader = JSONReader(bytes.span)
    var id = ""
    var number = 0
    var flag = false
    try reader.beginObject()
    while let key = try reader.nextKey() {
      if reader.matches(key, "id") {
        id = try reader.readString()
      } else if reader.matches(key, "n") {
        number = try reader.readInt()
      } else if reader.matches(key, "ok") {
        flag = try reader.readBool()
      } else {
        try reader.skipValue()
      }
    }
    try reader.finish()
    #expect(id == "xA")
    #expect(number == -12)
    #expect(flag)
  }

  @Test func keysWithEscapesMatch() throws {
    let bytes = Array(#"{"\u0069d":1}"#.utf8)
    var reader = JSONReader(bytes.span)
    try reader.beginObject()
    guard let key = try reader.nextKey() else {
      Issue.record("there is a key")
      return
    }
    let answers = [reader.matches(key, "id"), reader.matches(key, "if")]
    #expect(answers == [true, false])
  }

  @Test func anotherKindIsNamed() {
    let bytes = Array("\n [true]".utf8)
    var reader = JSONReader(bytes.span)
    do {
      try reader.beginObject()
      Issue.record("an array is no object")
    } catch {
      #expect(error.problem == .unexpectedKind(expected: "an object", found: .array))
      #expect(error.line == 2)
      #expect(error.column == 2)
      #expect(error.byteOffset == 2)
    }
  }

  @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
  func nestingIsLimited(open: String, close: String) throws {
    let limit = JSONReader.maximumDepth
    let deep = { (depth: Int) in
      Array(
        (String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
    }
    _ = try JSONValue.parse(deep(limit))
    for depth in [limit + 1, 100_000] {
      do {
        _ = try JSONValue.parse(deep(depth))
        Issue.record("\(depth) levels are too many")
      } catch {
        #expect(error.problem == .tooDeep(limit: limit))
      }
    }
  }

  @Test func invalidUTF8HasItsPlace() {
    for (bytes, place) in [
      (Array("\"ab".utf8) + [0xFF] + Array("\"".utf8), 3),
      (Array("[\"\\n".utf8) + [0xC3] + Array("\"]".utf8), 4),
    ] {
      do {
        _ = try JSONValue.parse(bytes)
        Issue.record("\(bytes) is not UTF-8")
      } catch {
        #expect(error.problem == .invalidUTF8)
        #expect(error.byteOffset == place)
      }
    }
  }

  @Test func loneSurrogatesAreKeptAndAreNoText() throws {
    let value = try JSONValue.parse(#"{"a":"x\ud800"}"#)
    #expect(value["a"]?.text == nil)
    #expect(!value.isWellFormed)
    #expect(value.serialized() == #"{"a": "x\ud800"}"#)
    #expect(value.serialized(.compact) == #"{"a":"x\ud800"}"#)
    let bytes = Array(#""\udc00""#.utf8)
    var reader = JSONReader(bytes.span)
    #expect(throws: JSONError.self) { _ = try JSONValue.parse(#"["#) }
    do {
      _ = try reader.readString()
      Issue.record("half a pair is no text")
    } catch { #expect(error.problem == .loneSurrogate) }
  }

  @Test func integersThatDoNotFitAreRefusedAsInt() {
    for text in ["9223372036854775808", "1.0", "1e3", "NaN"] {
      let bytes = Array(text.utf8)
      var reader = JSONReader(bytes.span)
      do {
        _ = try reader.readInt()
        Issue.record("\(text) is no Int")
      } catch { #expect(error.problem == .integerOutOfRange) }
    }
  }
}
