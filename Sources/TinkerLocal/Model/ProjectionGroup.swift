/// Matrices that read the same input, multiplied as one: queries, keys and values, or gate and up.
///
/// y = W x with W `[outputs, inputs]`; it is kept packed for x·Wᵀ and for g·W.
package final class ProjectionGroup {
  /// One of the matrices.
  package struct Member {
    /// The path of its module, for example `model.layers.0.self_attn.q_proj`.
    package let path: String
    /// Its columns in the group's output.
    package let outputs: Range<Int>
  }

  /// The matrices in order.
  package let members: [Member]
  /// The length of the input.
  package let inputs: Int
  /// The length of all outputs together.
  package let outputs: Int
  /// The packed right side of x·Wᵀ.
  package let forward: PackedMatrix
  /// The packed right side of g·W.
  package let backward: PackedMatrix
  /// The place of W in the flat buffer of full training, or `nil` when it is frozen.
  package let trained: Range<Int>?

  /// A group of modules with their output lengths.
  package init(inputs: Int, modules: [(path: String, outputs: Int)], trained: Range<Int>?) {
    var members: [Member] = []
    var end = 0
    for module in modules {
      members.append(Member(path: module.path, outputs: end..<end + module.outputs))
      end += module.outputs
    }
    self.members = members
    self.inputs = inputs
    self.trained = trained
    outputs = end
    forward = PackedMatrix(inner: inputs, outer: end)
    backward = PackedMatrix(inner: end, outer: inputs)
  }

  /// Takes new values, `[outputs, inputs]`.
  package func pack(_ matrix: Matrix) {
    forward.pack(matrix, transposed: true)
    backward.pack(matrix, transposed: false)
  }
}
