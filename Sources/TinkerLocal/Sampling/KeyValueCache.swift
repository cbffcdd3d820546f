/// The keys and values of up to 256 positions of one layer, laid out as products read them.
///
/// A block is as long as one block of a sum, so adding up block after block gives the same bits as one
/// product over all positions.
final class KeyValueBlock {
  /// The positions of a block.
  static let positions = PackedMatrix.depth

  private let buffer: FloatBuffer
  private let groups: Int
  private let width: Int
  private let keySize: Int
  private let valueSize: Int

  init(groups: Int, width: Int) {
    self.groups = groups
    self.width = width
    let panel = PackedMatrix.panelWidth
    keySize = PackedMatrix.panels(Self.positions) * width * panel
    valueSize = PackedMatrix.panels(width) * Self.positions * panel
    buffer = FloatBuffer(count: groups * (keySize + valueSize))
  }

  /// A block of its own with the same content.
  func copy() -> KeyValueBlock {
    let out = KeyValueBlock(groups: groups, width: width)
    out.buffer.copy(from: buffer)
    return out
  }

  /// The keys of a head as the right side of q·Kᵀ, `[width, positions]`.
  func keys(_ group: Int) -> PackedMatrix {
    PackedMatrix(
      buffer, offset: group * keySize, inner: width, outer: Self.positions,
      panelStride: width * PackedMatrix.panelWidth)
  }

  /// The values of a head as the right side of p·V, `[positions, width]`.
  func values(_ group: Int) -> PackedMatrix {
    PackedMatrix(
      buffer, offset: groups * keySize + group * valueSize, inner: Self.positions, outer: width,
      panelStride: Self.positions * PackedMatrix.panelWidth)
  }

  /// Takes the keys and values of a prompt, from the block's first position on.
  func fill(_ group: Int, keys: Matrix, values: Matrix) {
    self.keys(group).columns(0..<keys.rows).pack(keys, transposed: true)
    self.values(group).pack(values, transposed: false)
  }

  /// Takes the key and the value of one position.
  func set(_ group: Int, position: Int, key: Matrix, value: Matrix) {
    keys(group).column(position).copyColumn(fromRow: key)
    values(group).steps(position..<position + 1).pack(value, transposed: false)
  }
}

/// The keys and values of one sequence in all layers.
package final class KeyValueCache {
  private let configuration: ModelConfiguration
  /// The blocks of each layer; full blocks may be shared with other sequences.
  private(set) var layers: [[KeyValueBlock]]
  /// The positions that are filled in all layers.
  package private(set) var count = 0

  /// An empty cache.
  package init(_ configuration: ModelConfiguration) {
    self.configuration = configuration
    layers = [[KeyValueBlock]](repeating: [], count: configuration.layers)
  }

  /// A cache that goes on from here on its own. Full blocks stay shared.
  package func fork() -> KeyValueCache {
    let out = KeyValueCache(configuration)
    out.count = count
    let full = count / KeyValueBlock.positions
    out.layers = layers.map { blocks in
      blocks[..<full] + blocks[full...].map { $0.copy() }
    }
    return out
  }

  private func newBlock() -> KeyValueBlock {
    KeyValueBlock(groups: configuration.keyValueHeads, width: configuration.headWidth)
  }

  private func keyColumns(_ group: Int) -> Range<Int> {
    let start = configuration.queryWidth + group * configuration.headWidth
    return start..<start + configuration.headWidth
  }

  private func valueColumns(_ group: Int) -> Range<Int> {
    let start =
      configuration.queryWidth + configuration.keyWidth + group * configuration.headWidth
    return start..<start + configuration.headWidth
  }

  /// Takes a layer of an empty cache from the rows of a prompt.
  func fill(_ layer: Int, rotated: Matrix, projected: Matrix) {
    for start in stride(from: 0, to: rotated.rows, by: KeyValueBlock.positions) {
      let rows = start..<min(rotated.rows, start + KeyValueBlock.positions)
      let block = newBlock()
      for group in 0..<configuration.keyValueHeads {
        block.fill(
          group, keys: rotated.rows(rows).columns(keyColumns(group)),
          values: projected.rows(rows).columns(valueColumns(group)))
      }
      layers[layer].append(block)
    }
    if layer == configuration.layers - 1 { count = rotated.rows }
  }

  /// Takes one more position of a layer. After the last layer it counts.
  func append(_ layer: Int, rotated: Matrix, projected: Matrix) {
    let position = count % KeyValueBlock.positions
    if position == 0 { layers[layer].append(newBlock()) }
    guard let block = layers[layer].last else { return }
    for group in 0..<configuration.keyValueHeads {
      block.set(
        group, position: position, key: rotated.columns(keyColumns(group)),
        value: projected.columns(valueColumns(group)))
    }
    if layer == configuration.layers - 1 { count += 1 }
  }
}
