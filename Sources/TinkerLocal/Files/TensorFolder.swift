internal import TinkerJSON

/// The tensors of a model folder: one `model.safetensors`, or the shards of its index.
package struct TensorFolder {
  private var files: [Safetensors] = []
  private var place: [String: Int] = [:]
  /// The folder, for errors.
  package let path: String

  /// Opens the files of a folder.
  ///
  /// - Throws: `LocalError` for files that are missing or damaged.
  package init(path: String) throws(LocalError) {
    self.path = path
    let index = path + "/model.safetensors.index.json"
    guard FileSystem.exists(index) else {
      try open("model.safetensors")
      return
    }
    let value: JSONValue
    do {
      value = try JSONValue.parse(try FileSystem.read(index))
    } catch let error as LocalError {
      throw error
    } catch {
      throw .file(path: index, problem: "is not JSON: \(error)")
    }
    guard let map = value.object?["weight_map"]?.object else {
      throw .file(path: index, problem: "has no weight_map")
    }
    var opened: Set<String> = []
    for (_, value) in map {
      guard let name = value.text, !name.contains("/") else {
        throw .file(path: index, problem: "names a shard that is not a file beside it")
      }
      if opened.insert(name).inserted { try open(name) }
    }
  }

  private mutating func open(_ name: String) throws(LocalError) {
    let file = try Safetensors(path: path + "/" + name)
    for name in file.names { place[name] = files.count }
    files.append(file)
  }

  /// Checks that a tensor is there and has a shape, before memory is made for it.
  ///
  /// - Throws: `LocalError` that names the tensor.
  package func check(_ name: String, shape: [Int]) throws(LocalError) { _ = try find(name, shape) }

  private func find(_ name: String, _ shape: [Int]) throws(LocalError) -> Safetensors {
    guard let index = place[name], let entry = files[index][name] else {
      throw .model(path: path, problem: "tensor \(name) is missing")
    }
    guard entry.shape == shape else {
      throw .model(
        path: path, problem: "tensor \(name) has the shape \(entry.shape), not \(shape)")
    }
    return files[index]
  }

  /// The values of a tensor of a known shape.
  ///
  /// - Throws: `LocalError` that names the tensor if it is missing or has another shape.
  package func tensor(_ name: String, shape: [Int]) throws(LocalError) -> FloatBuffer {
    try find(name, shape).tensor(name)
  }
}
