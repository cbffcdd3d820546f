/// The operations of the protocol, with the keys that each takes besides `id` and `op`.
enum WorkerOperation: String, CaseIterable {
  case ping
  case info
  case encode
  case decode
  case decodeStream = "decode_stream"
  case count
  case render
  case supervised
  case examples
  case segments
  case check
  case prompt
  case parse
  case stream
  case tools
  case openai
  case image
  case imageSize = "image_size"
  case imageDecode = "image_decode"
  case imageResize = "image_resize"
  case imageChunk = "image_chunk"

  var keys: [String] {
    switch self {
    case .ping, .info: []
    case .encode: ["text", "add_special", "special", "offsets"]
    case .decode, .decodeStream: ["ids", "skip_special"]
    case .count: ["text", "add_special", "special"]
    case .render: ["conversation", "line"]
    case .supervised, .examples, .segments: ["messages", "train_on", "trainable"]
    case .check: ["messages", "train_on"]
    case .prompt: ["messages", "prefill", "role"]
    case .parse, .stream: ["tokens"]
    case .tools: ["tools", "system"]
    case .openai: ["messages"]
    case .image: ["data", "path", "config", "backend", "alpha", "gray16", "values"]
    case .imageSize: ["height", "width", "config"]
    case .imageDecode: ["data", "path", "alpha", "orient", "gray16"]
    case .imageResize: ["data", "path", "formula", "to", "filter", "resampler"]
    case .imageChunk: ["data", "path", "encode", "config"]
    }
  }
}
