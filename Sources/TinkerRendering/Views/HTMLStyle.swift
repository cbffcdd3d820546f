/// The looks of the page in both colour schemes.
package enum HTMLStyle {
  package static let sheet = """
    :root {
      color-scheme: light dark;
      --paper: #fbfaf7; --card: #ffffff; --ink: #23211d; --quiet: #8b857a; --faint: #b9b3a7;
      --rule: #e6e1d7; --shade: #f1eee7;
      --loss: #c9eed3; --loss-odd: #b2e3c0; --loss-ink: #0c3b20; --loss-mark: #0a7a43;
      --strip: #ddd8cc; --strip-loss: #35b26b; --focus: #2456d6; --think: #6a4bb0; --tool: #a65c00;
      --shadow: 0 1px 2px #0000000f, 0 8px 28px #0000001f;
      --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas,
        "DejaVu Sans Mono", monospace;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #131518; --card: #1b1e23; --ink: #e8e5de; --quiet: #8d929c; --faint: #5d626b;
        --rule: #2a2e35; --shade: #1d2025;
        --loss: #174a30; --loss-odd: #1f5d3d; --loss-ink: #dcfbe7; --loss-mark: #7fe3a8;
        --strip: #33383f; --strip-loss: #38b46e; --focus: #86a8ff; --think: #bda4f5; --tool: #f0b464;
        --shadow: 0 1px 2px #0006, 0 10px 32px #000a;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; max-width: 74rem; padding: 2.5rem 1.5rem 8rem; background: var(--paper);
      color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
    }
    p, h1, h2, dl, dd, ul { margin: 0; padding: 0; }
    .brand { font-weight: 600; letter-spacing: .01em; color: var(--loss-mark); }
    .brand span { color: var(--quiet); font-weight: 400; }
    h1 { font-size: 1.75rem; font-weight: 640; letter-spacing: -.02em; line-height: 1.25; overflow-wrap: anywhere; }
    .facts { display: flex; flex-wrap: wrap; gap: .75rem 2rem; margin: 1.1rem 0 1.3rem; }
    .facts dt { color: var(--quiet); font-size: .8rem; }
    .facts dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .legend {
      display: flex; flex-wrap: wrap; gap: .5rem 2rem; justify-content: space-between;
      align-items: baseline; padding: .7rem 0; border-block: 1px solid var(--rule);
      color: var(--quiet); font-size: .82rem;
    }
    .legend ul { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; list-style: none; }
    .legend .s { font-family: var(--mono); font-size: .8rem; }
    kbd {
      font: .72rem var(--mono); border: 1px solid var(--rule); border-bottom-width: 2px;
      border-radius: 4px; padding: 0 .3rem; margin-left: .35rem; background: var(--card);
    }
    .example { margin-top: 2.6rem; scroll-margin-top: 1rem; }
    .example > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem 1rem; }
    h2 { font-size: 1.02rem; font-weight: 620; overflow-wrap: anywhere; }
    h2 a { color: inherit; text-decoration: none; }
    h2 a:hover { text-decoration: underline; }
    .id { color: var(--quiet); font: .82rem var(--mono); overflow-wrap: anywhere; }
    .sum { margin-left: auto; color: var(--quiet); font-size: .86rem; font-variant-numeric: tabular-nums; }
    .strip { display: flex; height: 6px; margin: .55rem 0 .3rem; border-radius: 3px; overflow: hidden; }
    .strip i { background: var(--strip); min-width: 1px; }
    .strip i.l { background: var(--strip-loss); }
    .strip i.k-image { background: var(--think); }
    .message {
      display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0 1rem;
      padding: .6rem 0; border-bottom: 1px solid var(--rule);
    }
    .message:last-child { border-bottom: 0; }
    .who { color: var(--quiet); font-size: .84rem; line-height: 1.6rem; overflow-wrap: anywhere; }
    .who span { display: inline-block; min-width: 1.6rem; color: var(--faint); font-variant-numeric: tabular-nums; }
    .flow {
      font: .875rem/1.6rem var(--mono); white-space: pre-wrap; overflow-wrap: anywhere;
      font-variant-ligatures: none; tab-size: 4;
    }
    .t { border-radius: 3px; padding: .14em 0; cursor: default; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
    .s { color: var(--quiet); }
    .s.c { color: var(--ink); }
    .flow .s.c:not(.l) .t:nth-child(even) { background: var(--shade); }
    .s.l { color: var(--loss-mark); font-weight: 600; }
    .s.l.c { color: var(--loss-ink); font-weight: 400; }
    .s.l .t { background: var(--loss); }
    .s.l .t:nth-child(even) { background: var(--loss-odd); }
    .s.k-thinking.c { font-style: italic; }
    .s.k-thinking.c:not(.l) { color: var(--think); }
    .s.k-tool_call:not(.l) { color: var(--tool); }
    .s.k-tool_call.l .t { box-shadow: inset 0 -2px 0 var(--strip-loss); }
    .t i, .t b { font-style: normal; font-weight: 400; opacity: .55; -webkit-user-select: none; user-select: none; }
    .t b { font-size: .78em; border: 1px solid; border-radius: 3px; padding: 0 .25em; margin: 0 .1em; }
    .t img {
      display: block; max-width: min(100%, 24rem); height: auto; max-height: 18rem; width: auto;
      margin: .3rem 0; border-radius: 4px;
    }
    .gap { color: var(--faint); padding: 0 .5em; }
    .t.on { outline: 2px solid var(--focus); outline-offset: 1px; position: relative; z-index: 1; }
    .t:focus { outline: 2px solid var(--focus); outline-offset: 1px; }
    #tip {
      position: fixed; z-index: 10; max-width: min(24rem, calc(100vw - 1rem)); min-width: 13rem;
      background: var(--card); border: 1px solid var(--rule); border-radius: 10px; overflow: hidden;
      box-shadow: var(--shadow); font-size: .84rem; pointer-events: none;
    }
    #tip p {
      padding: .5rem .8rem; font: 600 .95rem var(--mono); border-bottom: 1px solid var(--rule);
      max-height: 6.2rem; overflow: hidden; overflow-wrap: anywhere; white-space: pre-wrap;
    }
    #tip.l p { background: var(--loss); color: var(--loss-ink); }
    #tip dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem 1rem; padding: .55rem .8rem; }
    #tip dt { color: var(--quiet); }
    #tip dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    @media (max-width: 40rem) {
      body { padding: 1.2rem 1rem 6rem; }
      .message { grid-template-columns: 1fr; }
      .keys { display: none; }
    }
    @media print {
      body { max-width: none; padding: 0; }
      .example { break-inside: avoid; }
      .t { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
    }
    """
}
