extension TokenizerCore {
  /// Loads a folder or a file.
  convenience init(contentsOf path: String) throws(TokenizerError) {
    guard FileBytes.isFolder(path) else {
      try self.init(file: path, folder: Self.folder(of: path))
      return
    }
    let folder = path.hasSuffix("/") ? path : path + "/"
    for name in ["tokenizer.json", "tiktoken.model"] where FileBytes.exists(folder + name) {
      try self.init(file: folder + name, folder: folder)
      return
    }
    throw .unreadableFile(
      path: path, reason: "the folder has neither tokenizer.json nor tiktoken.model")
  }

  /// Makes a tokenizer from the bytes of its files.
  convenience init(json: [UInt8], configuration: [UInt8]?) throws(TokenizerError) {
    var settings = TokenizerConfiguration()
    if let configuration {
      settings = try TokenizerConfiguration(json: configuration, name: "tokenizer_config.json")
    }
    try self.init(try TokenizerFile(json: json, name: "tokenizer.json"), settings)
  }

  private convenience init(file: String, folder: String) throws(TokenizerError) {
    let bytes = try FileBytes.read(file)
    var configuration = TokenizerConfiguration()
    let path = folder + "tokenizer_config.json"
    if FileBytes.exists(path) {
      configuration = try TokenizerConfiguration(json: FileBytes.read(path), name: path)
    }
    if file.hasSuffix(".json") || bytes.first == UInt8(ascii: "{") {
      try self.init(try TokenizerFile(json: bytes, name: file), configuration)
    } else {
      try self.init(try TokenizerFile(tiktoken: bytes, name: file, configuration), configuration)
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return String(path[...slash])
  }
}
