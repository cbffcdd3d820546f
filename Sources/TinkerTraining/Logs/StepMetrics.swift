public import TinkerJSON

/// The numbers of one step, by the reference's names, in the order in which they were set.
public struct StepMetrics: Sendable, Hashable {
  /// A number with its name.
  public struct Metric: Sendable, Hashable {
    /// The name, for example `train_mean_nll`.
    public var name: String
    /// The number; counts are integers.
    public var value: JSONNumber

    /// A named number.
    public init(name: String, value: JSONNumber) {
      self.name = name
      self.value = value
    }
  }

  /// The step, counted from 0. Evaluations after the last step stand under the number of steps.
  public let step: Int
  /// The numbers, without the step.
  public private(set) var metrics: [Metric] = []

  /// A step without numbers yet.
  public init(step: Int) {
    self.step = step
  }

  /// The number by a name, or `nil`; setting `nil` removes it.
  public subscript(name: String) -> Double? {
    get { metrics.first { $0.name == name }?.value.double }
    set { set(name, to: newValue.map(JSONNumber.double)) }
  }

  /// Sets a count.
  public mutating func setCount(_ name: String, to value: Int) {
    set(name, to: .integer(value))
  }

  /// Sets many numbers, in the order of their names.
  public mutating func merge(_ values: [String: Double], prefix: String = "") {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) { self[prefix + name] = value }
  }

  private mutating func set(_ name: String, to value: JSONNumber?) {
    guard let index = metrics.firstIndex(where: { $0.name == name }) else {
      if let value { metrics.append(Metric(name: name, value: value)) }
      return
    }
    if let value { metrics[index].value = value } else { metrics.remove(at: index) }
  }

  /// One object: `step`, then the numbers.
  public var json: JSONValue {
    var object: JSONObject = ["step": .number(.integer(step))]
    for metric in metrics { object[metric.name] = .number(metric.value) }
    return .object(object)
  }

  /// Reads what ``json`` wrote; members that are no numbers are passed over.
  ///
  /// - Throws: ``TrainingError/log(path:_:)`` if there is no step.
  public init(json: JSONValue, path: String) throws(TrainingError) {
    guard let object = json.object, let step = object["step"]?.int else {
      throw .log(path: path, "a step with its number is expected")
    }
    self.init(step: step)
    for (name, value) in object {
      guard let name = name.text, name != "step", case .number(let number) = value else { continue }
      set(name, to: number)
    }
  }
}
