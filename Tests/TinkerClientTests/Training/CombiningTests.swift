import Testing
import TinkerClient
import TinkerData

@Suite struct CombiningTests {
  private func output(_ count: Int, _ metrics: [String: Double]) -> ForwardBackwardOutput {
    ForwardBackwardOutput(
      outputType: "T", lossOutputs: Array(repeating: .init(tensors: []), count: count),
      metrics: metrics)
  }

  @Test func reductions() {
    let combined = MetricCombiner.combine([
      output(
        3,
        [
          "a:sum": 1, "b:min": 2, "c:max": 3, "d:mean": 4, "e:slack": 5, "f:hash2": 6,
          "g:unique": 7, "h:median": 8, "plain": 9, "only:sum": 1, "two:co:lons": 1,
        ]),
      output(
        1,
        [
          "a:sum": 10, "b:min": 1, "c:max": 1, "d:mean": 8, "e:slack": 1, "f:hash2": -7,
          "g:unique": 70, "h:median": 8, "plain": 9, "two:co:lons": 1,
        ]),
    ])
    #expect(combined?.lossOutputs.count == 4)
    #expect(
      combined?.metrics == [
        "a:sum": 11, "b:min": 1, "c:max": 3, "d:mean": 5, "e:slack": 1,
        "f:hash2": 18_446_744_073_709_551_616, "g:unique": 7, "g:unique_1": 70,
      ])
  }

  @Test func oneOutputKeepsPlainNames() {
    let combined = MetricCombiner.combine([output(0, ["plain": 1, "d:mean": 2, "x:other": 3])])
    #expect(combined?.metrics == ["plain": 1, "d:mean": 2])
    #expect(MetricCombiner.combine([]) == nil)
  }
}
