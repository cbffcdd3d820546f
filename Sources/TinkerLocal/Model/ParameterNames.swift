/// The names and shapes of a decoder's parameters, as Hugging Face names them.
package struct ParameterNames {
  /// A parameter.
  package struct Entry {
    /// Its name, for example `model.norm.weight`.
    package let name: String
    /// Its extents.
    package let shape: [Int]

    /// The path of its module.
    var module: String { String(name.dropLast(".weight".count)) }
  }

  /// The parameters of one layer.
  struct Layer {
    let inputNorm, postNorm, queryNorm, keyNorm, output, down: Entry
    let attention, gateUp: [Entry]
  }

  private let configuration: ModelConfiguration
  /// The path of the decoder.
  let root: String

  /// The names for a configuration.
  package init(_ configuration: ModelConfiguration) {
    self.configuration = configuration
    root = configuration.ropeSections == nil ? "model." : "model.language_model."
  }

  private func entry(_ path: String, _ shape: Int...) -> Entry {
    Entry(name: path + ".weight", shape: shape)
  }

  /// The embedding.
  package var embedding: Entry {
    entry(root + "embed_tokens", configuration.vocabularySize, configuration.hiddenSize)
  }

  /// The norm before the head.
  var finalNorm: Entry { entry(root + "norm", configuration.hiddenSize) }

  /// The output matrix of an untied model.
  package var head: Entry {
    entry("lm_head", configuration.vocabularySize, configuration.hiddenSize)
  }

  /// The parameters of a layer.
  func layer(_ index: Int) -> Layer {
    let c = configuration
    let path = root + "layers.\(index)."
    let d = c.hiddenSize
    let f = c.intermediateSize
    return Layer(
      inputNorm: entry(path + "input_layernorm", d),
      postNorm: entry(path + "post_attention_layernorm", d),
      queryNorm: entry(path + "self_attn.q_norm", c.headWidth),
      keyNorm: entry(path + "self_attn.k_norm", c.headWidth),
      output: entry(path + "self_attn.o_proj", d, c.queryWidth),
      down: entry(path + "mlp.down_proj", d, f),
      attention: [
        entry(path + "self_attn.q_proj", c.queryWidth, d),
        entry(path + "self_attn.k_proj", c.keyWidth, d),
        entry(path + "self_attn.v_proj", c.keyWidth, d),
      ],
      gateUp: [entry(path + "mlp.gate_proj", f, d), entry(path + "mlp.up_proj", f, d)])
  }

  /// The matrices of a layer, which adapters may adapt.
  package func projections(_ index: Int) -> [Entry] {
    let of = layer(index)
    return of.attention + [of.output] + of.gateUp + [of.down]
  }

  /// All parameters; those of one group lie behind one another.
  var all: [[Entry]] {
    var out: [[Entry]] = [[embedding]]
    for index in 0..<configuration.layers {
      let of = layer(index)
      out += [
        [of.inputNorm], of.attention, [of.queryNorm], [of.keyNorm], [of.output], [of.postNorm],
        of.gateUp, [of.down],
      ]
    }
    out.append([finalNorm])
    if !configuration.isTied { out.append([head]) }
    return out
  }
}
