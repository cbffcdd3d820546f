#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import TinkerJSON
import TinkerTokenizer

/// The package's half of `Benchmarks/duel.py`: one process, one thread, one call per document.
///
/// `TokenizerBenchmark TOKENIZER CORPUS PASSES STEP [IDS]` reads every STEP-th line of a JSON Lines file,
/// encodes the `text` of each in every pass, and prints one line of JSON. IDS is a file for the ids of
/// the last pass: for each document their number and then the ids, as 32-bit words in the machine's order.
///
/// `TokenizerBenchmark TOKENIZER CORPUS` measures the rest: ids to bytes, all documents at once on one thread and
/// on two, all of them as one line, and texts of 10 MB that are runs of something.
@main
struct TokenizerBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    if arguments.count == 3 {
      try OtherBenchmarks(Tokenizer(contentsOf: arguments[1]), readTexts(arguments[2], step: 1))
        .run()
      return
    }
    guard arguments.count >= 5, let passes = Int(arguments[3]), let step = Int(arguments[4]),
      passes > 0, step > 0
    else {
      print("usage: TokenizerBenchmark TOKENIZER CORPUS PASSES STEP [IDS]")
      exit(2)
    }
    let started = processSeconds()
    let tokenizer = try Tokenizer(contentsOf: arguments[1])
    var ids = tokenizer.encode("Hello")
    let loading = processSeconds() - started
    let encoder = tokenizer.makeEncoder(knowsWords: true)
    let preparing = processSeconds() - started - loading
    let texts = try readTexts(arguments[2], step: step)
    let byteCount = texts.reduce(0) { $0 + $1.utf8.count }

    var seconds: [Double] = []
    var tokenCount = 0
    for _ in 0..<passes {
      tokenCount = 0
      let before = processSeconds()
      for text in texts {
        ids.removeAll(keepingCapacity: true)
        encoder.append(text, to: &ids)
        tokenCount += ids.count
      }
      seconds.append(processSeconds() - before)
    }
    if arguments.count > 5 { writeIDs(texts, encoder, to: arguments[5]) }
    var usage = rusage()
    unsafe getrusage(RUSAGE_SELF, &usage)
    let list = seconds.map(String.init(describing:)).joined(separator: ", ")
    print(
      "{\"load\": \(loading), \"prepare\": \(preparing), \"seconds\": [\(list)], \"bytes\": \(byteCount), "
        + "\"tokens\": \(tokenCount), \"documents\": \(texts.count), "
        + "\"peak_kilobytes\": \(usage.ru_maxrss)}")
  }

  /// The processor time of this process.
  static func processSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func readTexts(_ path: String, step: Int) throws -> [String] {
    var texts: [String] = []
    for (index, line) in readFile(path).split(separator: UInt8(ascii: "\n")).enumerated()
    where index.isMultiple(of: step) {
      if let text = try JSONValue.parse(Array(line))["text"]?.text { texts.append(text) }
    }
    return texts
  }

  private static func readFile(_ path: String) -> [UInt8] {
    guard let file = unsafe fopen(path, "rb") else { return [] }
    defer { unsafe fclose(file) }
    unsafe fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: unsafe ftell(file))
    unsafe rewind(file)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }

  private static func writeIDs(_ texts: [String], _ encoder: Encoder, to path: String) {
    guard let file = unsafe fopen(path, "wb") else { return }
    defer { unsafe fclose(file) }
    for text in texts {
      var words: [UInt32] = [0]
      encoder.append(text, to: &words)
      words[0] = UInt32(words.count - 1)
      unsafe fwrite(words, 4, words.count, file)
    }
  }
}

#if !canImport(Darwin)
  private let RUSAGE_SELF = __rusage_who_t(0)
#endif
