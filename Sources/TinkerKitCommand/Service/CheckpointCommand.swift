import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit checkpoint`
struct CheckpointCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint", abstract: "Checkpoints of the service, or of --local runs.",
    subcommands: [
      List.self, Info.self, Publish.self, Unpublish.self, TimeToLive.self, Copy.self,
      Delete.self, Download.self,
    ])

  /// `tinkerkit checkpoint list`
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List checkpoints, of one run or of the account.",
      discussion: """
        Example:
          tinkerkit checkpoint list --run RUN
        """)

    @OptionGroup var service: ServiceArguments
    @Option(help: "Only those of a run.") var run: String?
    @Option(help: "The most checkpoints of the account.") var limit = 100
    @Option(help: "The checkpoints of the account to pass over.") var offset = 0
    @OptionGroup var local: LocalCheckpoints

    func validate() throws { try local.check(service) }

    func run() async throws {
      if local.local {
        let runs = run.map { [$0] } ?? local.store.runs()
        let all = try local.perform { try runs.flatMap { try local.store.list(run: $0) } }
        return try service.printRows(
          Self.names, all.dropFirst(offset).prefix(limit).map(Self.row))
      }
      try await service.perform {
        let rest = RestClient(service.questions)
        let page =
          if let run { try await rest.listCheckpoints(runID: run) } else {
            try await rest.listUserCheckpoints(limit: limit, offset: offset)
          }
        try service.printRows(Self.names, page.elements.map(Self.row))
      }
    }

    private static let names = ["path", "type", "time", "size_bytes", "public", "expires_at"]

    private static func row(_ checkpoint: Checkpoint) -> [JSONValue] {
      [
        .orNull(checkpoint.path), .orNull(checkpoint.kind.rawValue), .orNull(checkpoint.time),
        .orNull(checkpoint.byteCount), .bool(checkpoint.isPublic), .orNull(checkpoint.expiresAt),
      ]
    }
  }

  /// `tinkerkit checkpoint info`
  struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "info",
      abstract: "Tell what a checkpoint holds.",
      discussion: """
        Example:
          tinkerkit checkpoint info tinker://RUN/weights/NAME
        """)

    @OptionGroup var service: ServiceArguments
    @Argument(help: "The checkpoint's path.") var path: String

    func run() async throws {
      try await service.perform {
        let info = try await RestClient(service.questions).getWeightsInfo(path: path)
        try service.printOne([
          ("base_model", .orNull(info.baseModel)), ("lora_rank", .orNull(info.loraRank)),
        ])
      }
    }
  }

  /// `tinkerkit checkpoint publish`
  struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "publish",
      abstract: "Let everybody use a checkpoint.",
      discussion: """
        Example:
          tinkerkit checkpoint publish tinker://RUN/weights/NAME
        """)

    @OptionGroup var service: ServiceArguments
    @Argument(help: "The checkpoint's path.") var path: String

    func run() async throws {
      try await service.perform {
        try await RestClient(service.questions).publishCheckpoint(path: path)
      }
    }
  }

  /// `tinkerkit checkpoint unpublish`
  struct Unpublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "unpublish",
      abstract: "Let only the owner use a checkpoint.",
      discussion: """
        Example:
          tinkerkit checkpoint unpublish tinker://RUN/weights/NAME
        """)

    @OptionGroup var service: ServiceArguments
    @Argument(help: "The checkpoint's path.") var path: String

    func run() async throws {
      try await service.perform {
        try await RestClient(service.questions).unpublishCheckpoint(path: path)
      }
    }
  }

  /// `tinkerkit checkpoint ttl`
  struct TimeToLive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ttl",
      abstract: "Set when a checkpoint is removed.",
      discussion: """
        Example:
          tinkerkit checkpoint ttl tinker://RUN/weights/NAME 86400
          tinkerkit checkpoint ttl tinker://RUN/weights/NAME never
        """)

    @OptionGroup var service: ServiceArguments
    @Argument(help: "The checkpoint's path.") var path: String
    @Argument(help: "Seconds, or never.") var seconds: String

    func validate() throws {
      guard seconds == "never" || Int(seconds) != nil else {
        throw ValidationError("the time is a number of seconds or never, not \(seconds)")
      }
    }

    func run() async throws {
      try await service.perform {
        try await RestClient(service.questions).setCheckpointTTL(
          path: path, ttlSeconds: Int(seconds))
      }
    }
  }

  /// `tinkerkit checkpoint copy`
  struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "copy",
      abstract: "Copy a checkpoint into a project.",
      discussion: """
        Example:
          tinkerkit checkpoint copy tinker://RUN/weights/NAME --project PROJECT
        """)

    @OptionGroup var service: ServiceArguments
    @Argument(help: "The checkpoint's path.") var path: String
    @Option(help: "The project. By default TINKER_PROJECT_ID.") var project: String?

    func run() async throws {
      try await service.perform {
        let copy = try await RestClient(service.questions).copyWeights(
          path: path, destinationProjectID: project)
        try service.printOne([("path", .orNull(copy))])
      }
    }
  }

  /// `tinkerkit checkpoint delete`
  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete",
      abstract: "Remove checkpoints for good.",
      discussion: """
        Example:
          tinkerkit checkpoint delete tinker://RUN/weights/NAME
        """)

    @OptionGroup var service: ServiceArguments
    @Argument(help: "The checkpoints' paths.") var paths: [String]
    @OptionGroup var local: LocalCheckpoints

    func validate() throws { try local.check(service) }

    func run() async throws {
      if local.local {
        return try local.perform {
          for path in paths { try local.store.delete(try local.store.address(path: path)) }
        }
      }
      try await service.perform {
        let rest = RestClient(service.questions)
        for path in paths { try await rest.deleteCheckpoint(path: path) }
      }
    }
  }

  /// `tinkerkit checkpoint download`
  struct Download: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "download",
      abstract: "Download a checkpoint.",
      discussion: """
        Example:
          tinkerkit checkpoint download tinker://RUN/weights/NAME --output DIR

        A training checkpoint is written as external weights first, and that copy is removed \
        afterwards. The download of external weights goes on where it broke off.
        """)

    @OptionGroup var service: ServiceArguments
    @Argument(help: "The path of a training checkpoint or of external weights.") var path: String
    @Option(name: .shortAndLong, help: "The folder for the files.") var output: String

    func run() async throws {
      try await service.perform {
        let names = try await ServiceClient.withSession(service.options) { client in
          try await client.downloadCheckpoint(path: path, to: output)
        }
        try service.printRows(["file"], names.map { [.orNull($0)] })
      }
    }
  }
}
