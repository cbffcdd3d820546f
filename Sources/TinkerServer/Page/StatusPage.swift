/// The page at `/`: one file with everything in it, which asks `/status.json` once a second.
enum StatusPage {
  static let reply = ServerReply(
    headers: [
      ("content-type", "text/html; charset=utf-8"), ("cache-control", "no-cache"),
      // Nothing is loaded from elsewhere, whatever a model says.
      (
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
          + " connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
      ),
      ("x-content-type-options", "nosniff"),
    ], content: .bytes(Array(html.utf8)))

  static let html = """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>tinkerkit serve-local</title>
    <link rel="icon" href="data:,">
    <style>
    \(style)
    </style>
    <header>
      <h1>tinkerkit <span>serve-local</span></h1>
      <p id="state" role="status">connecting…</p>
    </header>
    <form id="key" hidden>
      <label>API key <input name="key" type="password" autocomplete="off"></label>
      <button>Use</button>
    </form>
    <main>
      <section aria-labelledby="h-queue">
        <h2 id="h-queue">Queue</h2>
        <dl id="queue"></dl>
      </section>
      <section aria-labelledby="h-base">
        <h2 id="h-base">Base models</h2>
        <div id="base"></div>
      </section>
      <section aria-labelledby="h-models" class="wide">
        <h2 id="h-models">Models in training</h2>
        <div id="models" class="cards"></div>
      </section>
      <section aria-labelledby="h-samples" class="wide">
        <h2 id="h-samples">Last samples</h2>
        <div id="samples"></div>
      </section>
      <section aria-labelledby="h-checkpoints" class="wide">
        <h2 id="h-checkpoints">Checkpoints</h2>
        <div id="checkpoints"></div>
      </section>
    </main>
    <script>
    \(script)
    </script>
    </html>
    """
}
