#!/bin/sh
# Generates Sources/TinkerWire/Generated from the .proto file. Needs protoc and the protoc-gen-swift of
# the swift-protobuf release that Package.swift asks for on PATH:
#   git clone --branch 1.39.0 https://github.com/apple/swift-protobuf
#   cd swift-protobuf && swift build --product protoc-gen-swift
set -eu
cd "$(dirname "$0")/../Sources/TinkerWire"
protoc --proto_path=Protocol --swift_out=Generated --swift_opt=Visibility=Package \
  --swift_opt=UseAccessLevelOnImports=true tinker_public.proto
# The generator does not know strict memory safety yet: the default instance is a constant that nobody
# changes, because storage is copied before it is written.
sed -i 's/= _StorageClass.defaultInstance/= unsafe _StorageClass.defaultInstance/' \
  Generated/tinker_public.pb.swift
