import TinkerData
import TinkerJSON
import TinkerLocal
import TinkerWire

/// What the server keeps beside the weights of a checkpoint.
struct CheckpointNote: Sendable, Hashable {
  static let fileName = "checkpoint.json"
  private static let version = 1

  /// When it was written, in seconds since 1970.
  var time: Int
  /// When it is removed; `nil` if never.
  var expires: Int?
  var isPublic: Bool
  var userMetadata: [String: String]?
  var baseModel: String
  var loraRank: Int
  var trainUnembed: Bool
  var trainMLP: Bool
  var trainAttn: Bool

  /// The bytes of the file.
  var bytes: [UInt8] {
    JSONValue.members([
      "format_version": .int(Self.version), "time": .int(time), "expires": .int(expires),
      "public": .bool(isPublic), "user_metadata": .texts(userMetadata),
      "base_model": .text(baseModel), "lora_rank": .int(loraRank),
      "train_unembed": .bool(trainUnembed), "train_mlp": .bool(trainMLP),
      "train_attn": .bool(trainAttn),
    ]).body
  }

  /// Reads the file of a folder; `nil` if there is none that is understood.
  init?(folder: String) {
    guard let bytes = try? FileSystem.read(folder + "/" + Self.fileName),
      let json = try? JSONValue.parse(bytes),
      json["format_version"]?.int == Self.version, let time = json["time"]?.int,
      let baseModel = json["base_model"]?.text
    else { return nil }
    let fields = JSONFields(json, at: Self.fileName)
    self.init(
      time: time, expires: json["expires"]?.int, isPublic: json["public"]?.bool ?? false,
      userMetadata: try? fields.optionalStrings("user_metadata"), baseModel: baseModel,
      loraRank: json["lora_rank"]?.int ?? 0, trainUnembed: json["train_unembed"]?.bool ?? true,
      trainMLP: json["train_mlp"]?.bool ?? true, trainAttn: json["train_attn"]?.bool ?? true)
  }

  init(
    time: Int, expires: Int?, isPublic: Bool, userMetadata: [String: String]?, baseModel: String,
    loraRank: Int, trainUnembed: Bool, trainMLP: Bool, trainAttn: Bool
  ) {
    self.time = time
    self.expires = expires
    self.isPublic = isPublic
    self.userMetadata = userMetadata
    self.baseModel = baseModel
    self.loraRank = loraRank
    self.trainUnembed = trainUnembed
    self.trainMLP = trainMLP
    self.trainAttn = trainAttn
  }
}

/// What the server keeps of a training run.
struct RunRecord: Sendable, Hashable {
  static let fileName = "run.json"
  private static let version = 1

  let id: String
  var sessionID: String?
  var baseModel: String
  var loraRank: Int
  var userMetadata: [String: String]?
  /// When the last request came.
  var time: Int

  init(
    id: String, sessionID: String?, baseModel: String, loraRank: Int,
    userMetadata: [String: String]?, time: Int
  ) {
    self.id = id
    self.sessionID = sessionID
    self.baseModel = baseModel
    self.loraRank = loraRank
    self.userMetadata = userMetadata
    self.time = time
  }

  /// The bytes of the file.
  var bytes: [UInt8] {
    JSONValue.members([
      "format_version": .int(Self.version), "session_id": .text(sessionID),
      "base_model": .text(baseModel), "lora_rank": .int(loraRank),
      "user_metadata": .texts(userMetadata), "time": .int(time),
    ]).body
  }

  /// Reads the file of a run's folder; `nil` if there is none that is understood.
  init?(id: String, folder: String) {
    guard let bytes = try? FileSystem.read(folder + "/" + Self.fileName),
      let json = try? JSONValue.parse(bytes), json["format_version"]?.int == Self.version,
      let baseModel = json["base_model"]?.text, let time = json["time"]?.int
    else { return nil }
    let fields = JSONFields(json, at: Self.fileName)
    self.init(
      id: id, sessionID: json["session_id"]?.text, baseModel: baseModel,
      loraRank: json["lora_rank"]?.int ?? 0,
      userMetadata: try? fields.optionalStrings("user_metadata"), time: time)
  }
}
