/// Turns trainers into files and back.
enum CheckpointFiles {
  /// The files of the weights alone: the adapter, or the whole model after full training.
  static func weights(_ pass: DecoderPass, baseModel: String) -> [(name: String, bytes: [UInt8])] {
    if let adapters = pass.adapters { return AdapterFiles.files(adapters, baseModel: baseModel) }
    var writer = SafetensorsWriter()
    if let values = pass.weights.values {
      for entry in pass.weights.layout.entries {
        writer.add(entry.name, shape: entry.shape, values, entry.range)
      }
    }
    return [
      ("model.safetensors", writer.bytes), ("config.json", pass.configuration.fileBytes),
    ]
  }

  /// The layout of what a pass trains.
  static func layout(_ pass: DecoderPass) -> ParameterLayout {
    pass.adapters?.layout ?? pass.weights.layout
  }

  /// The moments of a trainer.
  static func optimizer(_ learner: Learner) -> (name: String, bytes: [UInt8]) {
    var writer = SafetensorsWriter()
    for entry in layout(learner.pass).entries {
      let state = learner.state
      writer.add("exp_avg/" + entry.name, shape: entry.shape, state.first, entry.range)
      writer.add("exp_avg_sq/" + entry.name, shape: entry.shape, state.second, entry.range)
    }
    return ("optimizer.safetensors", writer.bytes)
  }

  /// Reads moments and step of a checkpoint into a trainer of the same layout. Everything is read before
  /// anything is changed.
  static func loadOptimizer(_ folder: String, step: Int, into learner: Learner) throws(LocalError) {
    let file = try Safetensors(path: folder + "/optimizer.safetensors")
    let entries = layout(learner.pass).entries
    var parts: [(Range<Int>, FloatBuffer, FloatBuffer)] = []
    for entry in entries {
      let first = try file.tensor("exp_avg/" + entry.name)
      let second = try file.tensor("exp_avg_sq/" + entry.name)
      guard first.count == entry.range.count, second.count == entry.range.count else {
        throw .file(path: file.path, problem: "the moments of \(entry.name) have another size")
      }
      parts.append((entry.range, first, second))
    }
    for (range, first, second) in parts {
      learner.state.first.replace(range, with: first)
      learner.state.second.replace(range, with: second)
    }
    learner.state.step = step
  }
}

extension FloatBuffer {
  /// Copies a whole buffer into a range of this one.
  func replace(_ range: Range<Int>, with other: FloatBuffer) {
    func row(_ buffer: FloatBuffer, _ start: Int) -> Matrix {
      Matrix(buffer, offset: start, rows: 1, columns: range.count, stride: 0)
    }
    precondition(other.count == range.count)
    row(self, range.lowerBound).copy(from: row(other, 0))
  }
}
