package import TinkerData

/// The folder of checkpoints: `<run>/<segment>/<name>`, each a folder that is whole or absent.
package struct CheckpointStore: Sendable {
  /// The kinds of weights.
  package enum Segment: String, Sendable, CaseIterable {
    /// To train on.
    case weights
    /// To sample from.
    case sampler = "sampler_weights"
    /// To take away.
    case external = "external_weights"

    /// The kind of a checkpoint.
    package var kind: Checkpoint.Kind {
      switch self {
      case .weights: .training
      case .sampler: .sampler
      case .external: .external
      }
    }
  }

  /// The longest name of a run or a checkpoint, in bytes.
  private static let maximumName = 200
  private static let scheme = "tinker://"

  /// The folder.
  package let folder: String

  /// A store in a folder, which need not exist.
  package init(folder: String) {
    self.folder = folder
  }

  /// A checkpoint by run, segment and name.
  package struct Address: Sendable, Hashable {
    /// The training run.
    package let run: String
    /// The kind of weights.
    package let segment: Segment
    /// The name.
    package let name: String

    /// The address as a path: `tinker://run/segment/name`.
    package var path: String { "\(CheckpointStore.scheme)\(run)/\(segment.rawValue)/\(name)" }
  }

  /// An address of checked parts.
  ///
  /// - Throws: `LocalError.request` for names that cannot be folders.
  package func address(run: String, segment: Segment, name: String) throws(LocalError) -> Address {
    for part in [run, name] {
      let isPlain = part.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "+"), UInt8(ascii: "="):
          true
        default: false
        }
      }
      guard isPlain, !part.isEmpty, !part.hasPrefix("."), part.utf8.count <= Self.maximumName else {
        throw .request(
          "\(part) is no name of a run or checkpoint: letters, digits and . _ - : + = are allowed")
      }
    }
    return Address(run: run, segment: segment, name: name)
  }

  /// The address of a path.
  ///
  /// - Throws: `LocalError.request` for anything but `tinker://run/segment/name`.
  package func address(path: String) throws(LocalError) -> Address {
    let parts =
      path.hasPrefix(Self.scheme)
      ? path.dropFirst(Self.scheme.count).split(separator: "/", omittingEmptySubsequences: false)
      : []
    guard parts.count == 3, let segment = Segment(rawValue: String(parts[1])) else {
      throw .request(
        "\(path) is no checkpoint of the embedded engine; tinker://RUN/weights/NAME or"
          + " tinker://RUN/sampler_weights/NAME is expected")
    }
    return try address(run: String(parts[0]), segment: segment, name: String(parts[2]))
  }

  /// The folder of a checkpoint, whether it exists or not.
  package func folder(of address: Address) -> String {
    "\(folder)/\(address.run)/\(address.segment.rawValue)/\(address.name)"
  }

  /// The folder of a checkpoint that exists.
  ///
  /// - Throws: `LocalError.request` if it does not.
  package func existing(_ address: Address) throws(LocalError) -> String {
    let path = folder(of: address)
    guard FileSystem.exists(path) else { throw .request("there is no checkpoint \(address.path)") }
    return path
  }

  /// Writes a checkpoint: to a temporary name, forced to the disk, then renamed.
  ///
  /// - Throws: `LocalError.request` if the name is in use and `overwrites` is false; `LocalError.file` if
  ///   writing fails, and then nothing is left.
  package func write(
    _ files: [(name: String, bytes: [UInt8])], at address: Address, overwrites: Bool = false
  ) throws(LocalError) {
    let path = folder(of: address)
    if FileSystem.exists(path) && !overwrites {
      throw .request("there is a checkpoint \(address.path) already")
    }
    let parent = "\(folder)/\(address.run)/\(address.segment.rawValue)"
    let mark = String(RandomStream.systemSeed(), radix: 36)
    let temporary = "\(parent)/.\(address.name).\(mark)"
    try FileSystem.makeFolder(temporary)
    do {
      for file in files { try FileSystem.write(file.bytes, to: temporary + "/" + file.name) }
      if FileSystem.exists(path) {
        let old = "\(parent)/.\(address.name).old.\(mark)"
        try FileSystem.rename(path, to: old)
        try FileSystem.rename(temporary, to: path)
        FileSystem.remove(old)
      } else {
        try FileSystem.rename(temporary, to: path)
      }
    } catch {
      FileSystem.remove(temporary)
      throw error
    }
  }

  /// The checkpoints of a run in order of their names; unfinished ones are not among them.
  package func list(run: String) throws(LocalError) -> [Checkpoint] {
    var out: [Checkpoint] = []
    for segment in Segment.allCases {
      let parent = "\(folder)/\(run)/\(segment.rawValue)"
      for name in FileSystem.names(in: parent) where !name.hasPrefix(".") {
        let address = try address(run: run, segment: segment, name: name)
        let path = self.folder(of: address)
        let facts = FileSystem.facts(path)
        out.append(
          Checkpoint(
            id: segment.rawValue + "/" + name, kind: segment.kind,
            time: FileSystem.timestamp(facts.modified), path: address.path,
            byteCount: facts.bytes))
      }
    }
    return out
  }

  /// The runs that have checkpoints, in order of their names.
  package func runs() -> [String] {
    FileSystem.names(in: folder).filter { !$0.hasPrefix(".") }
  }

  /// Removes a checkpoint.
  ///
  /// - Throws: `LocalError.request` if it does not exist.
  package func delete(_ address: Address) throws(LocalError) {
    let path = try existing(address)
    // First out of sight, so that a half-removed checkpoint is never listed.
    let hidden =
      "\(folder)/\(address.run)/\(address.segment.rawValue)/.\(address.name)."
      + String(RandomStream.systemSeed(), radix: 36)
    try FileSystem.rename(path, to: hidden)
    FileSystem.remove(hidden)
  }

  /// Removes what interrupted writes left. Call it when no one else writes.
  package func removeUnfinished() {
    for run in runs() {
      for segment in Segment.allCases {
        let parent = "\(folder)/\(run)/\(segment.rawValue)"
        for name in FileSystem.names(in: parent) where name.hasPrefix(".") {
          // A writer that was stopped between its two renames had moved the old checkpoint aside.
          if let old = name.firstRange(of: ".old.") {
            let path = parent + "/" + name[..<old.lowerBound].dropFirst()
            if !FileSystem.exists(path),
              (try? FileSystem.rename(parent + "/" + name, to: path)) != nil
            {
              continue
            }
          }
          FileSystem.remove(parent + "/" + name)
        }
      }
    }
  }
}
