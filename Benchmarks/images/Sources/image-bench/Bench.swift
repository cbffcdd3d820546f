import TinkerData
import TinkerVision

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Answers lines `OPERATION REPEATS FILE` on standard input with one line each: the least processor time
/// of a repeat in nanoseconds, and the peak of resident memory in kilobytes so far.
@main
@safe
struct Bench: ~Copyable {
  private var patches = PatchBuffer()
  private var copy = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

  static func main() throws {
    var bench = Bench()
    while let line = readLine() {
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      let file = try readFile(words[2])
      var best = Int.max
      for _ in 0..<(Int(words[1]) ?? 1) {
        let start = processorTime()
        try bench.run(words[0], file)
        best = min(best, processorTime() - start)
      }
      print(best, try peakKilobytes())
      fflush(nil)
    }
  }

  private mutating func run(_ operation: String, _ file: [UInt8]) throws {
    switch operation {
    case "load": break
    case "tokens":
      for _ in 0..<1000 { _ = try VisionChunkMaker().tokenCount(of: file.span) }
    case "decode": _ = try RGBImage(decoding: file)
    case "chunk": _ = try VisionChunkMaker().chunk(for: .bytes(file))
    case "copy":
      // One copy of the output into memory that is there already.
      if unsafe patches.values.count * 4 != copy.count {
        try ImagePreprocessor().patches(of: [file], into: &patches)
        unsafe copy.deallocate()
        unsafe copy = .allocate(byteCount: patches.values.count * 4, alignment: 64)
        unsafe copy.initializeMemory(as: UInt8.self, repeating: 0)
      }
      let target = unsafe copy
      unsafe patches.values.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
    case "patches": try ImagePreprocessor().patches(of: [file], into: &patches)
    default: throw Unknown(operation: operation)
    }
  }

  struct Unknown: Error { let operation: String }

  private static func processorTime() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// The peak since this program began; what getrusage tells begins with the parent's.
  private static func peakKilobytes() throws -> Int {
    let status = try String(decoding: readFile("/proc/self/status"), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }

  private static func readFile(_ path: String) throws -> [UInt8] {
    guard let stream = unsafe fopen(path, "rb") else { throw Unknown(operation: path) }
    defer { unsafe fclose(stream) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = unsafe fread(&block, 1, block.count, stream), count > 0 {
      bytes += block[..<count]
    }
    return bytes
  }
}
