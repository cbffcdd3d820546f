import Testing
import TinkerTraining

@Suite struct DataOrderTests {
  @Test func everyPassHoldsEveryElementOnce() throws {
    let order = try DataOrder(count: 10, batchSize: 4, seed: 3)
    #expect(order.steps(epochs: 3) == 8)
    let all = (0..<8).flatMap { order.indices(step: $0, end: 30) }
    #expect(all.count == 30)
    for epoch in 0..<3 {
      #expect(all[(10 * epoch)..<(10 * epoch + 10)].sorted() == Array(0..<10))
    }
    #expect(Array(all[0..<10]) != Array(all[10..<20]))
    #expect(order.epoch(of: 2) == 0 && order.epoch(of: 3) == 1)
  }

  @Test func theOrderDependsOnTheSeedAlone() throws {
    let one = try DataOrder(count: 50, batchSize: 8, seed: 1)
    let same = try DataOrder(count: 50, batchSize: 8, seed: 1)
    let other = try DataOrder(count: 50, batchSize: 8, seed: 2)
    #expect(one.indices(step: 17) == same.indices(step: 17))
    #expect(one.indices(step: 17) != other.indices(step: 17))
    let plain = try DataOrder(count: 3, batchSize: 2, seed: nil)
    #expect((0..<3).map { plain.indices(step: $0) } == [[0, 1], [2, 0], [1, 2]])
  }

  @Test func nothingToTrainOnIsRefused() {
    #expect(throws: TrainingError.self) { try DataOrder(count: 0, batchSize: 4, seed: nil) }
    #expect(throws: TrainingError.self) { try DataOrder(count: 4, batchSize: 0, seed: nil) }
  }
}
