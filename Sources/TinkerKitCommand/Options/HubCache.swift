import TinkerFiles

/// The folder in which the tools of the model hub keep downloads. Nothing here goes to the network.
enum HubCache {
  /// The cache's folder by the hub's own variables, or `nil` where there is no home.
  static var root: String? {
    if let cache = Machine.environmentVariable("HF_HUB_CACHE") { return cache }
    if let home = Machine.environmentVariable("HF_HOME") { return "\(home)/hub" }
    if let cache = Machine.environmentVariable("XDG_CACHE_HOME") {
      return "\(cache)/huggingface/hub"
    }
    return Machine.environmentVariable("HOME").map { "\($0)/.cache/huggingface/hub" }
  }

  /// Whether the text can be a model's name: one slash, as in `Qwen/Qwen3-8B`.
  static func isModelName(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }

  /// The folder of the revision `main` of a model, or `nil` if it is not in the cache.
  static func folder(of model: String) -> String? {
    guard let root, isModelName(model) else { return nil }
    let folder = "\(root)/models--" + model.split(separator: "/").joined(separator: "--")
    do throws(FileError) {
      let revision = try WholeFile.text(path: "\(folder)/refs/main", maximumLength: 1 << 10)
      let name = revision.split(whereSeparator: \.isWhitespace).first ?? ""
      let snapshot = "\(folder)/snapshots/\(name)"
      return !name.isEmpty && Machine.isFolder(snapshot) ? snapshot : nil
    } catch { return nil }
  }
}
