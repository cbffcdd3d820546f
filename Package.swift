// swift-tools-version:6.2
import PackageDescription

/// Warnings become errors when this variable is set, so that nobody builds twice to be strict.
let strict = Context.environment["TINKERKIT_WARNINGS_AS_ERRORS"] == "1"

/// The settings that every Swift target shares.
let house: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

/// The compiler's vectors, for one file. What does without them is built when this variable is set.
let vectors: [SwiftSetting] =
  Context.environment["TINKERKIT_PORTABLE"] == "1"
  ? [] : [.enableExperimentalFeature("BuiltinModule")]

/// The programs of the folder `Examples`, one a workflow.
let exampleNames = [
  "ConnectionCheck", "FineTune", "Reinforce", "ToolUse", "Prefer", "Distill", "SampleAndScore",
  "SeeColours", "Resume",
]
let examples: [Target] = exampleNames.map {
  .executableTarget(
    name: $0,
    dependencies: [
      "TinkerKit", "TinkerClient", "TinkerData", "TinkerFiles", "TinkerJSON", "TinkerLocal",
      "TinkerRendering", "TinkerTokenizer", "TinkerTraining", "TinkerVision",
    ],
    path: "Examples/\($0)")
}

let package = Package(
  name: "TinkerKit",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "TinkerKit", targets: ["TinkerKit"]),
    .library(name: "TinkerTokenizer", targets: ["TinkerTokenizer"]),
    .library(name: "TinkerRendering", targets: ["TinkerRendering"]),
    .library(name: "TinkerVision", targets: ["TinkerVision"]),
    .library(name: "TinkerLocal", targets: ["TinkerLocal"]),
    .library(name: "TinkerTraining", targets: ["TinkerTraining"]),
    .library(name: "TinkerTestKit", targets: ["TinkerTestKit"]),
    .executable(name: "tinkerkit", targets: ["TinkerKitCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    // System libraries.
    .systemLibrary(
      name: "CPCRE2", pkgConfig: "libpcre2-8",
      providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libjpeg",
      providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),

    // C, which lives in these modules and nowhere else.
    .target(name: "CTinkerShims", dependencies: ["CPNG", "CJPEG"]),
    .target(name: "CTinkerKernels"),
    .target(name: "CCurl"),

    // The house, from the ground up: a target imports only targets above it in this list.
    .target(name: "TinkerJSON"),
    .target(name: "TinkerData", dependencies: ["TinkerJSON"]),
    .target(name: "TinkerFiles", dependencies: ["CZlib", "CZstd"]),
    .target(
      name: "TinkerVision",
      dependencies: ["TinkerJSON", "TinkerData", "CTinkerShims", "CTinkerKernels"]),
    .target(
      name: "TinkerTokenizer", dependencies: ["TinkerJSON", "CPCRE2"], swiftSettings: vectors),
    .target(name: "TinkerTemplate", dependencies: ["TinkerJSON"]),
    .target(
      name: "TinkerRendering",
      dependencies: ["TinkerJSON", "TinkerData", "TinkerTemplate", "TinkerTokenizer"]),
    .target(
      name: "TinkerLocal",
      dependencies: [
        "TinkerJSON", "TinkerData", "TinkerFiles", "TinkerTokenizer", "TinkerVision",
        "CTinkerKernels",
      ]),
    .target(
      name: "TinkerWire",
      dependencies: [
        "TinkerJSON", "TinkerData", "CZstd",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Protocol"]),
    .target(
      name: "TinkerServer",
      dependencies: [
        "TinkerJSON", "TinkerData", "TinkerFiles", "TinkerTokenizer", "TinkerVision",
        "TinkerRendering", "TinkerLocal", "TinkerWire",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .target(
      name: "TinkerClient",
      dependencies: ["TinkerJSON", "TinkerData", "TinkerWire", "CCurl"]),
    .target(
      name: "TinkerTraining",
      dependencies: [
        "TinkerJSON", "TinkerData", "TinkerFiles", "TinkerTokenizer", "TinkerVision",
        "TinkerRendering",
      ]),
    .target(
      name: "TinkerKit",
      dependencies: [
        "TinkerClient", "TinkerWire", "TinkerJSON", "TinkerData", "TinkerFiles", "TinkerTokenizer",
        "TinkerRendering", "TinkerTemplate", "TinkerVision", "TinkerLocal", "TinkerTraining",
      ]
    ),
    .target(
      name: "TinkerTestKit", dependencies: ["TinkerJSON", "TinkerTokenizer", "TinkerRendering"]),
    // The product is called `tinkerkit`; the module is not, because file systems that ignore case
    // cannot hold both `TinkerKit` and `tinkerkit`.
    .executableTarget(
      name: "TinkerKitCommand",
      dependencies: [
        // All of the house by name, not by way of the umbrella: its module does not change when a
        // target that it re-exports does, and SwiftPM would then keep what it compiled before.
        "TinkerKit", "TinkerClient", "TinkerWire", "TinkerJSON", "TinkerData", "TinkerFiles",
        "TinkerTokenizer",
        "TinkerRendering", "TinkerTemplate", "TinkerVision", "TinkerLocal", "TinkerTraining",
        "TinkerServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The engine's half of Benchmarks/engine.py.
    .executableTarget(
      name: "EngineBenchmark", dependencies: ["TinkerLocal", "TinkerData"],
      path: "Benchmarks/Engine"),
    // The package's half of Benchmarks/duel.py.
    .executableTarget(
      name: "TokenizerBenchmark", dependencies: ["TinkerTokenizer", "TinkerJSON"],
      path: "Benchmarks/Tokenizing"),

    // The package's half of Scripts/compare_templates.py.
    .executableTarget(
      name: "TemplateRunner", dependencies: ["TinkerTemplate", "TinkerJSON"],
      path: "Benchmarks/Templates"),

    // What several test targets need: places, JSON Lines, the built command.
    .target(name: "TestSupport", dependencies: ["TinkerJSON"], path: "Tests/TestSupport"),
    .testTarget(
      name: "ReadmeTests",
      dependencies: ["TestSupport", "TinkerKit", "TinkerTestKit", "TinkerKitCommand"],
      exclude: ["Snippets/README.md", "Snippets/Snapshots"]),
    .testTarget(
      name: "TinkerTestKitTests",
      dependencies: ["TestSupport", "TinkerTestKit", "TinkerRendering", "TinkerTokenizer"],
      exclude: ["Snapshots"]),
    .testTarget(name: "FixtureTests", dependencies: ["TestSupport", "TinkerFiles", "TinkerJSON"]),
    .testTarget(name: "TinkerJSONTests", dependencies: ["TinkerJSON"]),
    .testTarget(
      name: "TinkerTemplateTests", dependencies: ["TestSupport", "TinkerTemplate", "TinkerJSON"]),
    .testTarget(name: "TinkerDataTests", dependencies: ["TinkerData", "TinkerJSON"]),
    .testTarget(
      name: "TinkerVisionTests",
      dependencies: ["TinkerVision", "TinkerData", "TinkerJSON", "TinkerFiles"]),
    .testTarget(
      name: "TinkerLocalTests",
      dependencies: [
        "TestSupport", "TinkerLocal", "TinkerTokenizer", "TinkerData", "TinkerJSON",
      ],
      exclude: ["Checkpoints/peft_logits.py"]),
    .testTarget(
      name: "ExampleTests",
      dependencies: ["TestSupport"] + exampleNames.map { .init(stringLiteral: $0) }),
    .testTarget(
      name: "TinkerTrainingTests",
      dependencies: [
        "TestSupport", "TinkerTraining", "TinkerLocal", "TinkerRendering", "TinkerTokenizer",
        "TinkerVision", "TinkerFiles", "TinkerData", "TinkerJSON", "TinkerServer", "TinkerClient",
      ]),
    .testTarget(name: "TinkerFilesTests", dependencies: ["TinkerFiles"]),
    .testTarget(
      name: "TinkerKitCommandTests",
      dependencies: ["TestSupport", "TinkerKitCommand", "TinkerFiles", "TinkerJSON"],
      exclude: ["Snapshots"]),
    .testTarget(name: "TinkerWireTests", dependencies: ["TinkerWire", "TinkerData", "TinkerJSON"]),
    .target(
      name: "ClientTestSupport",
      dependencies: ["TinkerClient", "TinkerWire", "TinkerData", "TinkerJSON"],
      path: "Tests/ClientTestSupport"),
    .executableTarget(
      name: "ClientBenchmark",
      dependencies: ["ClientTestSupport", "TinkerClient", "TinkerData"],
      path: "Benchmarks/Client"),
    .testTarget(
      name: "TinkerClientTests",
      dependencies: [
        "ClientTestSupport", "TinkerClient", "TinkerWire", "TinkerData", "TinkerJSON",
      ]),
    .testTarget(
      name: "TinkerServerTests",
      dependencies: [
        "TestSupport", "ClientTestSupport", "TinkerServer", "TinkerClient", "TinkerWire",
        "TinkerLocal", "TinkerData", "TinkerJSON", "TinkerKitCommand",
      ],
      exclude: ["Python/cookbook_loop.py"]),
    .testTarget(name: "TinkerTokenizerTests", dependencies: ["TinkerTokenizer", "TinkerJSON"]),
    .testTarget(
      name: "TinkerRenderingTests",
      dependencies: [
        "TestSupport", "TinkerRendering", "TinkerTokenizer", "TinkerData", "TinkerJSON",
      ]),
  ] + examples
)

for target in package.targets where target.type != .system && target.type != .plugin {
  target.swiftSettings = house + (target.swiftSettings ?? [])
}
