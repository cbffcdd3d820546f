import Testing
import TinkerJSON

@Suite struct JSONObjectTests {
  @Test func keysAreComparedByBytes() {
    var object = JSONObject()
    object["é"] = 1
    object["e\u{301}"] = 2
    #expect(object.count == 2)
    #expect(object["é"] == 1)
  }

  @Test(arguments: [3, 12, 13, 500])
  func orderSurvivesChanges(count: Int) {
    var object = JSONObject()
    for index in 0..<count { object["k\(index)"] = .number(.integer(index)) }
    object["k1"] = "again"
    object["k0"] = nil
    object["new"] = true
    let wanted = (1..<count).map { "k\($0)" } + ["new"]
    #expect(object.map(\.key.description) == wanted)
    #expect(object["k1"] == "again")
    #expect(object["k0"] == nil)
    #expect(object["k\(count - 1)"] != nil)
  }

  @Test func equalityMindsTheOrder() {
    #expect(JSONValue.object(["a": 1, "b": 2]) != JSONValue.object(["b": 2, "a": 1]))
    #expect(JSONValue.object(["a": 1]) == ["a": 1])
  }
}
