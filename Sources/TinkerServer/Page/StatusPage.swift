/// The page at `/`.
enum StatusPage {
  static let reply = ServerReply.bytes(
    Array("<!doctype html>".utf8), type: "text/html; charset=utf-8")
}
