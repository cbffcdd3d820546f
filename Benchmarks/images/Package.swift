// swift-tools-version:6.2
import PackageDescription

let package = Package(
  name: "image-bench",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "TinkerKit", path: "../..")],
  targets: [
    .executableTarget(
      name: "image-bench",
      dependencies: [.product(name: "TinkerVision", package: "TinkerKit")],
      swiftSettings: [
        .enableUpcomingFeature("MemberImportVisibility"), .strictMemorySafety(),
      ]),
    .executableTarget(
      name: "image-fuzz",
      dependencies: [.product(name: "TinkerVision", package: "TinkerKit")],
      swiftSettings: [.strictMemorySafety()]),
  ]
)
