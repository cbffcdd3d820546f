import ClientTestSupport
import Testing
import TinkerClient
import TinkerData

@Suite struct ImageLoaderTests {
  @Test func limitsHold() async throws {
    let server = try LoopbackServer { request in
      switch request.path {
      case "/image": .respond(status: 200, body: [1, 2, 3])
      case "/large": .respond(status: 200, body: [UInt8](repeating: 0, count: 101))
      case "/once": .respond(status: 302, headers: ["location": "/image"])
      case "/always": .respond(status: 302, headers: ["location": "/always"])
      case "/slow": .after(.seconds(60)) { .drop }
      default: .respond(status: 404)
      }
    }
    defer { server.stop() }
    var limits = ImageLoader.Limits()
    limits.allowsPrivateAddresses = true
    limits.maximumBytes = 100
    limits.timeout = .milliseconds(200)
    let loader = try ImageLoader(limits: limits)
    #expect(try await loader.load(server.url + "/image") == [1, 2, 3])
    #expect(try await loader.load(server.url + "/once") == [1, 2, 3])
    func kind(_ url: String) async -> ImageError.Kind? {
      do {
        _ = try await loader.load(url)
        return nil
      } catch { return (error as? ImageError)?.kind }
    }
    #expect(await kind(server.url + "/large") == .tooLarge)
    for path in ["/always", "/slow", "/absent"] {
      #expect(await kind(server.url + path) == .unavailable)
    }
    #expect(await kind("file:///etc/passwd") == .unavailable)
  }

  @Test(arguments: ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"])
  func thisMachineIsRefused(host: String) async throws {
    let server = try LoopbackServer { _ in .respond(status: 200, body: [1]) }
    defer { server.stop() }
    let loader = try ImageLoader()
    await #expect(throws: ImageError.self) {
      try await loader.load("http://\(host):\(server.port)/")
    }
  }
}
