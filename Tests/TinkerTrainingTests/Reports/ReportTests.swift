import Foundation
import Synchronization
import TestSupport
import Testing
import TinkerTraining

@Suite struct ReportTests {
  /// Where the report of the made-up run is left for looking at it, if anywhere.
  private static let kept = ProcessInfo.processInfo.environment["TINKERKIT_KEEP_REPORT"]

  @Test func thePageHoldsTheRun() async throws {
    try await TinyRun.withFolder { folder in
      let path = Self.kept ?? folder.appendingPathComponent("report.html").path
      let report = HTMLReport(path)
      for event in ReportRun.events { try await report.observe(event) }
      let page = try String(contentsOfFile: path, encoding: .utf8)
      for part in [
        "rl of tiny &lt;b&gt;", "60 of 60", "train_mean_nll", "env/all/reward/total",
        "optim/kl_sample_train_v1", "tokens per second", "lora.rank", "a &amp; b",
        "tinker://r/weights/f", "&lt;note&gt;", "group 3 &lt;/article&gt;", "€", "reward 1",
      ] { #expect(page.contains(part), "\(part)") }
      // Nothing of it comes from elsewhere, and nothing of the data is markup.
      for part in [
        "http://", "https://", "src=", "@import", "<b>", "<note>", "NaN", "\"nan", " nan", ">nan",
      ] {
        #expect(!page.contains(part), "\(part)")
      }
    }
  }

  @Test func aRunThatGoesOnKeepsItsCurves() async throws {
    try await TinyRun.withFolder { folder in
      let run = folder.appendingPathComponent("run").path
      let log = try RunFolder(run)
      for event in ReportRun.events.prefix(31) { try await log.observe(event) }
      var description = ReportRun.description
      description.firstStep = 20
      let path = folder.appendingPathComponent("report.html").path
      let report = HTMLReport(path, runFolder: run)
      try await report.observe(.started(description))
      for step in ReportRun.steps[20..<25] { try await report.observe(.step(step)) }
      try await report.observe(.ended(.interrupted(nil)))
      let page = try String(contentsOfFile: path, encoding: .utf8)
      #expect(page.contains("25 of 60"))
      #expect(page.contains("in 25 steps"))
      #expect(page.contains("interrupted"))
    }
  }

  @Test func partsOfCharactersWaitForTheirEnd() {
    let report = RunReport(
      run: ReportRun.description,
      samples: [
        RunSample(
          step: 0, title: "t",
          tokens: [
            .init(id: 1, bytes: [0xF0, 0x9F], logprob: -1),
            .init(id: 2, bytes: [0x98, 0x80, 0x41], logprob: -1),
            .init(id: 3, bytes: [0xFF], logprob: -1), .init(id: 4, bytes: [0xC3], logprob: -1),
          ])
      ])
    let page = report.html()
    #expect(page.contains("😀A</span>"))
    #expect(page.contains("<i>·</i>"))
  }

  @Test func emptyRunsHavePagesToo() {
    let page = RunReport(run: RunDescription(recipe: "sft", baseModel: "m")).html()
    #expect(page.contains("still going") && page.hasSuffix("</html>\n"))
    var step = StepMetrics(step: 0)
    step["train_mean_nll"] = .infinity
    step["train_mean_bpb"] = 1e300
    step["time/total"] = 0
    let odd = RunReport(run: RunDescription(recipe: "sft", baseModel: "m"), steps: [step, step])
    #expect(odd.html().contains("1e300"))
  }
}

@Suite struct TerminalRunViewTests {
  private func text(isLive: Bool, width: Int = 80) async throws -> String {
    let written = Mutex("")
    let view = TerminalRunView(isLive: isLive, width: width) { text in
      written.withLock { $0 += text }
    }
    for event in ReportRun.events { await view.observe(event) }
    return written.withLock { $0 }
  }

  @Test func withoutATerminalThereAreLines() async throws {
    let lines = try await text(isLive: false).split(separator: "\n")
    #expect(lines.first == "rl of tiny <b>: 60 steps")
    #expect(lines.filter { $0.hasPrefix("step ") }.count == 20)
    #expect(lines.contains { $0.hasPrefix("step 60 of 60  train_mean_nll ") })
    #expect(!lines.joined().contains("\u{1B}"))
    #expect(lines.last?.hasPrefix("finished in ") == true)
  }

  @Test func onATerminalTheCurveStaysAtTheEnd() async throws {
    let text = try await text(isLive: true)
    let last = text.components(separatedBy: "\u{1B}[J").last ?? ""
    #expect(text.contains("60/60"))
    #expect(text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
    #expect(last.contains("60/60"), "the picture stays")
    #expect(last.contains("finished in"))
    for line in text.split(separator: "\n") {
      let plain = line.split(separator: "\u{1B}").joined()
      #expect(plain.count <= 90, "\(plain)")
    }
  }
}
