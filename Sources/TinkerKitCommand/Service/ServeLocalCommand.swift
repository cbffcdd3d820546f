import ArgumentParser
import TinkerFiles
import TinkerLocal
import TinkerServer

/// `tinkerkit serve-local`
struct ServeLocalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve-local",
    abstract: "Serve the training protocol on this machine, over the embedded engine.",
    discussion: """
      Models, adapters and checkpoints stay on this machine, and no key of the service is needed. \
      Clients, the official SDK among them, take the two variables that are printed at the start:
        export TINKER_BASE_URL=http://127.0.0.1:8000
        export TINKER_API_KEY=tml-local

      A model is NAME=DIR, a folder in Hugging Face's form, or NAME=seed:N[,key=value…], random \
      weights that need no files. Keys: \(ModelArgument.keys).

      The server listens on loopback. With --host others reach it, and a key is required. \
      http://127.0.0.1:8000/ shows what it does.

      Example:
        tinkerkit serve-local --model demo=seed:1 --state runs
      """)

  @Option(help: ArgumentHelp("A model to serve; may be repeated.", valueName: "name=source"))
  var model: [String] = ["demo=seed:1"]
  @Option(help: ArgumentHelp("The folder of checkpoints.", valueName: "dir"))
  var state = "tinkerkit-state"
  @Option(help: ArgumentHelp("The tokenizer of the models.", valueName: "dir"))
  var tokenizer: String?
  @Option(help: "The port; 0 takes a free one.") var port = 8000
  @Option(help: "The address to listen on.") var host = "127.0.0.1"
  @Option(
    help: ArgumentHelp(
      "The key that requests must carry; it begins with tml-.", valueName: "key"))
  var apiKey: String?

  func run() async throws {
    do {
      var models: [LocalModel] = []
      var renderers: [String: String] = [:]
      for text in model {
        let argument = try ModelArgument(text, tokenizerFolder: tokenizer)
        models.append(argument.model)
        renderers[argument.model.name] = argument.renderer
      }
      var options = ServerOptions(LocalConfiguration(models: models, stateFolder: state))
      options.host = host
      options.port = port
      options.apiKey = apiKey
      options.renderers = renderers
      try await serve(options)
    } catch let error as ServerError {
      throw CommandFailure(error)
    }
  }

  private func serve(_ options: ServerOptions) async throws {
    let server = try await LocalServer(options)
    let key = options.apiKey == nil ? "tml-local" : "the key given with --api-key"
    Terminal.writeMessage(
      """
      tinkerkit: serving \(options.local.models.map(\.name).joined(separator: ", ")) at \(server.url)
      export TINKER_BASE_URL=\(server.url)
      export TINKER_API_KEY=\(key)

      """)
    await server.run()
  }
}

extension CommandFailure {
  fileprivate init(_ error: ServerError) {
    switch error {
    case .settings: self.init(.usage, error.description)
    case .address, .state: self.init(.badInput, error.description)
    }
  }
}
