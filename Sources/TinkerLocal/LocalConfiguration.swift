/// What the embedded engine offers, and where it keeps its checkpoints.
public struct LocalConfiguration: Sendable, Hashable {
  /// The base models, in the order in which they are offered.
  public var models: [LocalModel]
  /// The folder of the checkpoints. It is made when the first one is saved.
  public var stateFolder: String
  /// The scale of adapters is `loraAlpha / rank`.
  public var loraAlpha: Double
  /// The number of threads that compute; `nil` means one for each core, at most eight.
  public var threads: Int?

  /// A configuration; alpha is 32 unless given.
  public init(
    models: [LocalModel], stateFolder: String, loraAlpha: Double = 32, threads: Int? = nil
  ) {
    self.models = models
    self.stateFolder = stateFolder
    self.loraAlpha = loraAlpha
    self.threads = threads
  }
}

/// A base model of the embedded engine.
public struct LocalModel: Sendable, Hashable {
  /// Where the weights come from.
  public enum Source: Sendable, Hashable {
    /// A folder in Hugging Face's form: `config.json` and safetensors.
    case folder(String)
    /// Random weights of a seed. Adapters over such a base memorise what they are taught, and nothing
    /// else.
    case seed(UInt64, ModelConfiguration, SeededInitialization)
  }

  /// The name by which the model is asked for.
  public var name: String
  /// Where the weights come from.
  public var source: Source
  /// The folder of the tokenizer, for stop texts; `nil` looks in the model's folder.
  public var tokenizerFolder: String?

  /// The extents of the model; a folder's `config.json` is read.
  ///
  /// - Throws: `LocalError` for files that do not describe a model that the engine runs.
  public func configuration() throws(LocalError) -> ModelConfiguration {
    try LoadedModel.configuration(self)
  }

  /// A model by name.
  public init(name: String, source: Source, tokenizerFolder: String? = nil) {
    self.name = name
    self.source = source
    self.tokenizerFolder = tokenizerFolder
  }
}
