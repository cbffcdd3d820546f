/// The low-rank adapters of a group: y += s · B (A x), with A `[rank, inputs]` and B `[outputs, rank]`
/// for each adapted member.
///
/// The members' A lie behind one another, so that A x is one product for the whole group.
package final class GroupAdapter {
  /// The adapted members' columns in the group's output.
  package let outputs: [Range<Int>]
  /// The length of A x of one member.
  package let rank: Int
  /// The factor s.
  package let scale: Float
  /// The place of all A in the flat buffer, `[members · rank, inputs]`.
  let aRange: Range<Int>
  /// The place of each B in the flat buffer, `[outputs, rank]`.
  let bRanges: [Range<Int>]
  private let inputs: Int
  private let values: FloatBuffer

  /// The right side of x·Aᵀ for all members.
  let aForward: PackedMatrix
  /// The right side of r·A.
  let aBackward: PackedMatrix
  /// The right sides of t·Bᵀ.
  let bForward: [PackedMatrix]
  /// The right sides of g·B.
  let bBackward: [PackedMatrix]

  init(
    inputs: Int, outputs: [Range<Int>], rank: Int, scale: Float, aRange: Range<Int>,
    bRanges: [Range<Int>], values: FloatBuffer
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.rank = rank
    self.scale = scale
    self.aRange = aRange
    self.bRanges = bRanges
    self.values = values
    let width = outputs.count * rank
    aForward = PackedMatrix(inner: inputs, outer: width)
    aBackward = PackedMatrix(inner: width, outer: inputs)
    bForward = outputs.map { PackedMatrix(inner: rank, outer: $0.count) }
    bBackward = outputs.map { PackedMatrix(inner: $0.count, outer: rank) }
  }

  /// The length of A x of all members together.
  package var width: Int { outputs.count * rank }

  /// The columns of a member in A x.
  func columns(_ member: Int) -> Range<Int> { member * rank..<(member + 1) * rank }

  /// All A in a buffer of the adapters' layout, `[members · rank, inputs]`.
  func a(in buffer: FloatBuffer) -> Matrix {
    Matrix(buffer, offset: aRange.lowerBound, rows: width, columns: inputs, stride: inputs)
  }

  /// A member's B in a buffer of the adapters' layout, `[outputs, rank]`.
  func b(_ member: Int, in buffer: FloatBuffer) -> Matrix {
    Matrix(
      buffer, offset: bRanges[member].lowerBound, rows: outputs[member].count, columns: rank,
      stride: rank)
  }

  /// Packs the values anew; needed whenever they have changed.
  func repack() {
    aForward.pack(a(in: values), transposed: true)
    aBackward.pack(a(in: values), transposed: false)
    for member in outputs.indices {
      bForward[member].pack(b(member, in: values), transposed: true)
      bBackward[member].pack(b(member, in: values), transposed: false)
    }
  }
}
