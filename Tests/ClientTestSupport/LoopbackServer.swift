import Synchronization
import TinkerClient

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A request as a loopback server sees it.
package struct ServerRequest: Sendable {
  package var method = ""
  package var path = ""
  package var query: [String: String] = [:]
  /// Names in lower case.
  package var headers: [String: String] = [:]
  package var body: [UInt8] = []
  /// The number of the connection that it came on.
  package var connection = 0
}

/// What a loopback server does with a request.
package enum ServerReply: Sendable {
  case respond(status: Int, headers: [String: String] = [:], body: [UInt8] = [])
  /// A head alone, as the answer to HEAD.
  case head(status: Int, headers: [String: String], length: Int)
  /// The reply is worked out that much later.
  indirect case after(Duration, @Sendable () -> ServerReply)
  /// The connection is closed without a word.
  case drop
  /// The connection is reset.
  case reset
  /// The head promises more than comes before the connection closes.
  case truncated(status: Int, headers: [String: String], body: [UInt8])
  /// The body comes in pieces.
  case chunks(status: Int, headers: [String: String], [[UInt8]])

  package static func json(_ text: String, status: Int = 200) -> ServerReply {
    .respond(
      status: status, headers: ["content-type": "application/json"], body: Array(text.utf8))
  }
}

/// An HTTP/1.1 server on loopback with one thread for everything, so that thousands of held polls cost
/// nothing. The handler is called on that thread.
package final class LoopbackServer: Sendable {
  package struct SetupError: Error {}

  package let port: UInt16
  private let isStopped = Atomic(false)
  private let wakeEnd: Int32

  package var url: String { "http://127.0.0.1:\(port)" }

  package init(_ handler: @escaping @Sendable (ServerRequest) -> ServerReply) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard listener >= 0 else { throw SetupError() }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(listener, pointer, length) == 0 && listen(listener, 4096) == 0
          && getsockname(listener, pointer, &length) == 0
      }
    }
    guard bound else { throw SetupError() }
    port = UInt16(bigEndian: address.sin_port)
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw SetupError() }
    wakeEnd = ends[1]
    let loop = Loop(listener: listener, wake: ends[0], handler: handler)
    try OwnThread.start { [self] in loop.run { self.isStopped.load(ordering: .acquiring) } }
  }

  package func stop() {
    isStopped.store(true, ordering: .releasing)
    var byte: UInt8 = 1
    _ = unsafe write(wakeEnd, &byte, 1)
  }
}

/// The state of the server's thread.
private struct Loop: Sendable {
  let listener: Int32
  let wake: Int32
  let handler: @Sendable (ServerRequest) -> ServerReply

  private struct Connection {
    var id: Int
    var input: [UInt8] = []
    var output: [UInt8] = []
    var closesAfterOutput = false
    var isBusy = false
  }

  func run(_ isStopped: () -> Bool) {
    var connections: [Int32: Connection] = [:]
    var timers:
      [(due: ContinuousClock.Instant, socket: Int32, id: Int, work: @Sendable () -> ServerReply)] =
        []
    var nextID = 0
    while !isStopped() {
      var polls = [
        pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
      ]
      for (socket, connection) in connections {
        let events = connection.output.isEmpty ? POLLIN : POLLIN | POLLOUT
        polls.append(pollfd(fd: socket, events: Int16(events), revents: 0))
      }
      let now = ContinuousClock.now
      let next = timers.map { $0.due }.min()
      let wait = next.map { due in
        let left = now.duration(to: due)
        return Int32(
          clamping: max(
            0,
            left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
          ))
      }
      guard unsafe poll(&polls, nfds_t(polls.count), wait ?? 1000) >= 0 else { continue }
      if polls[0].revents != 0 {
        let accepted = accept(listener, nil, nil)
        if accepted >= 0 {
          nextID += 1
          connections[accepted] = Connection(id: nextID)
          var on: Int32 = 1
          _ = unsafe setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(4))
          _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
        }
      }
      for poll in polls.dropFirst(2) where poll.revents != 0 {
        guard var connection = connections[poll.fd] else { continue }
        var isOver = false
        if poll.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
          var buffer = [UInt8](repeating: 0, count: 65536)
          let count = unsafe recv(poll.fd, &buffer, buffer.count, 0)
          if count > 0 {
            connection.input += buffer[..<count]
          } else if count == 0 || errno != EAGAIN {
            isOver = true
          }
        }
        if isOver {
          close(poll.fd)
          connections[poll.fd] = nil
          continue
        }
        while !connection.isBusy, let request = Self.request(&connection.input, connection.id) {
          perform(handler(request), poll.fd, &connection, &timers)
        }
        connections[poll.fd] = connection
      }
      let due = timers.filter { $0.due <= ContinuousClock.now }
      timers.removeAll { timer in due.contains { $0.id == timer.id && $0.socket == timer.socket } }
      for timer in due {
        guard var connection = connections[timer.socket], connection.id == timer.id else {
          continue
        }
        connection.isBusy = false
        perform(timer.work(), timer.socket, &connection, &timers)
        while !connection.isBusy, let request = Self.request(&connection.input, connection.id) {
          perform(handler(request), timer.socket, &connection, &timers)
        }
        connections[timer.socket] = connection
      }
      for (socket, var connection) in connections {
        while !connection.output.isEmpty {
          let count = unsafe send(
            socket, connection.output, connection.output.count, Int32(MSG_NOSIGNAL))
          guard count > 0 else { break }
          connection.output.removeFirst(count)
        }
        connections[socket] = connection
        if connection.output.isEmpty, connection.closesAfterOutput {
          close(socket)
          connections[socket] = nil
        }
      }
    }
    for socket in connections.keys { close(socket) }
    close(listener)
    close(wake)
  }

  private func perform(
    _ reply: ServerReply, _ socket: Int32, _ connection: inout Connection,
    _ timers:
      inout [(
        due: ContinuousClock.Instant, socket: Int32, id: Int, work: @Sendable () -> ServerReply
      )]
  ) {
    switch reply {
    case .respond(let status, let headers, let body):
      connection.output += Self.head(status, headers, length: body.count) + body
    case .head(let status, let headers, let length):
      connection.output += Self.head(status, headers, length: length)
    case .after(let delay, let work):
      connection.isBusy = true
      timers.append((.now + delay, socket, connection.id, work))
    case .drop: connection.closesAfterOutput = true
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      _ = unsafe setsockopt(
        socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
      connection.closesAfterOutput = true
    case .truncated(let status, let headers, let body):
      connection.output += Self.head(status, headers, length: body.count + 10) + body
      connection.closesAfterOutput = true
    case .chunks(let status, let headers, let pieces):
      connection.output += Self.head(status, headers, length: nil)
      for piece in pieces {
        connection.output +=
          Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8)
      }
      connection.output += Array("0\r\n\r\n".utf8)
    }
  }

  private static func head(_ status: Int, _ headers: [String: String], length: Int?) -> [UInt8] {
    var lines = ["HTTP/1.1 \(status) X"]
    for (name, value) in headers { lines.append("\(name): \(value)") }
    lines.append(length.map { "content-length: \($0)" } ?? "transfer-encoding: chunked")
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  /// Takes one whole request from the input.
  private static func request(_ input: inout [UInt8], _ connection: Int) -> ServerRequest? {
    guard let end = headEnd(input) else { return nil }
    let lines = String(decoding: input[..<end], as: UTF8.self).split(separator: "\r\n")
    let parts = lines.first?.split(separator: " ") ?? []
    guard parts.count == 3 else { return nil }
    var request = ServerRequest(method: String(parts[0]), connection: connection)
    let target = parts[1].split(separator: "?", maxSplits: 1)
    request.path = String(target.first ?? "")
    for pair in (target.count > 1 ? target[1] : "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      request.query[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      request.headers[line[..<colon].lowercased()] = String(value)
    }
    let length = Int(request.headers["content-length"] ?? "") ?? 0
    guard input.count >= end + 4 + length else { return nil }
    request.body = Array(input[(end + 4)..<(end + 4 + length)])
    input.removeFirst(end + 4 + length)
    return request
  }

  private static func headEnd(_ input: [UInt8]) -> Int? {
    var index = 0
    while index + 3 < input.count {
      if input[index] == 13, input[index + 1] == 10, input[index + 2] == 13, input[index + 3] == 10
      {
        return index
      }
      index += 1
    }
    return nil
  }
}
