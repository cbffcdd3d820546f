import TinkerData

/// Where the tokenizer of a model lies in the model hub.
public struct TokenizerName: Sendable, Hashable {
  /// The name in the hub.
  public var model: String
  /// The branch, tag or commit.
  public var revision = "main"

  /// Revisions that the service's own clients hold fast.
  private static let revisions = [
    "moonshotai/Kimi-K2-Thinking": "612681931a8c906ddb349f8ad0f582cb552189cd",
    "moonshotai/Kimi-K2.5": "4d01dfe0332d63057c186e0b262165819efb6611",
    "moonshotai/Kimi-K2.6": "b5aabbfb20227ed42becbf5541dbffd213942c58",
    "moonshotai/Kimi-K3": "f831ab66814297da540d832a5235f8e904f29d06",
  ]

  /// The tokenizer of a model.
  ///
  /// - Parameters:
  ///   - baseModel: The model's name with the service.
  ///   - tokenizerID: The name that the service gives the tokenizer; `nil` derives it from the model's.
  public init(baseModel: String, tokenizerID: String? = nil) {
    if let tokenizerID {
      model = tokenizerID
    } else {
      let name = String(baseModel.prefix { $0 != ":" })
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      // Llama 3 asks for a permission, this copy of its tokenizer does not. A third part is a variant.
      model =
        name.hasPrefix("meta-llama/Llama-3")
        ? "thinkingmachineslabinc/meta-llama-3-instruct-tokenizer"
        : parts.prefix(parts.count == 3 ? 2 : parts.count).joined(separator: "/")
    }
    if model == "moonshotai/Kimi-K2.5-Text-Only" { model = "moonshotai/Kimi-K2.5" }
    revision = Self.revisions[model] ?? revision
  }

  /// The files of the tokenizer: those of the cache if they are there, or downloaded.
  ///
  /// - Parameter hub: The hub; `nil` takes that of the environment.
  /// - Returns: The folder, for `Tokenizer(contentsOf:)`, and the files that were taken.
  /// - Throws: ``ClientError``.
  public func files(from hub: ModelHub? = nil) async throws -> ModelHub.Snapshot {
    let hub = try hub ?? ModelHub()
    if let cached = hub.cachedSnapshot(model, revision: revision),
      cached.files.contains("tokenizer.json")
    {
      return cached
    }
    return try await hub.download(model, revision: revision)
  }
}

extension TrainingClient {
  /// Where the tokenizer of the model lies.
  public func tokenizerName() async throws -> TokenizerName {
    let info = try await info()
    guard let name = info.baseModel ?? info.tokenizerID else {
      throw ClientError.unexpectedReply("get_info names neither the base model nor a tokenizer")
    }
    return TokenizerName(baseModel: name, tokenizerID: info.tokenizerID)
  }
}

extension SamplingClient {
  /// Where the tokenizer of the model lies.
  public func tokenizerName() async throws -> TokenizerName {
    TokenizerName(baseModel: try await baseModel())
  }
}
