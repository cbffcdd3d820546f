import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A recorded scenario: what the official client sent and what its caller got.
struct Trace: Sendable {
  var name: String
  var environment: [String: String]
  var server: JSONValue
  var client: [JSONValue]
  var exchanges: [Exchange]

  /// The folder of the shared material: beside the package, or where the variable says.
  static let shared: String = {
    if let path = Environment.process["TINKERKIT_SHARED"] { return path }
    let package = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(package)/../shared"
  }()

  static var isAvailable: Bool { unsafe access(shared + "/golden/wire/train_step.json", R_OK) == 0 }

  /// A folder of further traces of the recorder, which are not among the shared ones.
  static let further = Environment.process["TINKERKIT_TRACES"]

  init(_ name: String, in folder: String? = nil) throws {
    let folder = folder ?? "\(Self.shared)/golden/wire"
    let json = try JSONValue.parse(try Self.bytes("\(folder)/\(name).json"))
    self.name = name
    environment = [:]
    for (key, value) in json["environment"]?.object ?? [:] {
      environment[key.text ?? ""] = value.text
    }
    server = json["server"] ?? [:]
    client = json["client"]?.array ?? []
    exchanges = try (json["exchanges"]?.array ?? []).map(Exchange.init)
  }

  struct Missing: Error {}

  static func bytes(_ path: String) throws -> [UInt8] {
    guard let file = unsafe fopen(path, "rb") else { throw Missing() }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}

/// A request with its response, recorded or seen.
struct Exchange: Sendable {
  enum Body: Sendable, Hashable {
    case none
    case json(JSONValue)
    case pass(ForwardBackwardRequest)
    case unreadable
  }

  var method: String
  var path: String
  var query: [String: String] = [:]
  var headers: [String: String] = [:]
  var body: Body = .none
  var response: JSONValue = [:]

  init(method: String, path: String) {
    self.method = method
    self.path = path
  }

  init(_ json: JSONValue) throws {
    self.init(method: json["method"]?.text ?? "", path: json["path"]?.text ?? "")
    for (key, value) in json["query"]?.object ?? [:] { query[key.text ?? ""] = value.text }
    for (key, value) in json["headers"]?.object ?? [:] { headers[key.text ?? ""] = value.text }
    if let text = json["body_base64"]?.text, json["body"]?["proto"] != nil {
      body = .pass(try ForwardBackwardRequest(serialized: Base64.decode(text) ?? []))
    } else if let value = json["body"], value != .null {
      body = json["body"]?["proto"] == nil ? .json(value) : .unreadable
    }
    response = json["response"] ?? [:]
  }

  /// What tells requests apart: method, path, query and the numbers and names in the body.
  var identity: String {
    var parts = ["\(method) \(path)"]
    parts += query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    for key in [
      "model_id", "sampling_session_id", "seq_id", "request_id", "model_seq_id",
      "sampling_session_seq_id", "custom_loss_seq_id", "tinker_path", "source_path",
    ] {
      // A server goes by `seq_id` where there is one.
      if key == "sampling_session_seq_id", member("seq_id") != nil { continue }
      if let value = member(key) { parts.append("\(key)=\(value.serialized(.compact))") }
    }
    return parts.joined(separator: " ")
  }

  /// A member of the body.
  func member(_ key: String) -> JSONValue? {
    switch body {
    case .json(let json): return json[key]
    case .pass(let pass):
      if key == "model_id" { return JSONValue.text(pass.modelID) }
      return key == "seq_id" ? JSONValue.int(pass.sequenceNumber) : Optional.none
    case .none, .unreadable: return Optional.none
    }
  }

  /// The place in the order of a training client, if it has one.
  var submission: String? {
    guard member("seq_id") != nil, !path.hasSuffix("asample") else { return nil }
    return identity
  }
}
