/// What the page of a run has beside the looks of the page of examples.
enum ReportStyle {
  static let sheet = """

    :root { --curve: #0a7a43; --raw: #0a7a4333; --up: 10 122 67; --down: 190 60 30; --odd: 166 92 0; }
    @media (prefers-color-scheme: dark) {
      :root { --curve: #7fe3a8; --raw: #7fe3a84d; --up: 90 210 140; --down: 245 120 90; --odd: 240 180 100; }
    }
    main section { margin-top: 2.6rem; }
    section > h2 { margin-bottom: .8rem; }
    .ending { margin-top: 1.5rem; padding: .7rem 1rem; border-left: 3px solid var(--tool); background: var(--shade); overflow-wrap: anywhere; }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 28rem), 1fr)); gap: 1rem; }
    .chart { margin: 0; padding: .8rem .9rem .4rem; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; min-width: 0; }
    figcaption { display: flex; justify-content: space-between; gap: 1rem; font-size: .88rem; }
    figcaption span { font-family: var(--mono); overflow-wrap: anywhere; }
    figcaption output { font-variant-numeric: tabular-nums; font-weight: 620; white-space: nowrap; }
    svg { display: block; width: 100%; height: auto; touch-action: pan-y; }
    .axes line { stroke: var(--rule); }
    .axes text { fill: var(--quiet); font-size: 11px; font-variant-numeric: tabular-nums; }
    .axes .value { text-anchor: end; dominant-baseline: central; }
    .axes .step { text-anchor: middle; }
    .line { fill: none; stroke: var(--curve); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
    .line.raw { stroke: var(--raw); stroke-width: 1.25; }
    .dot { fill: var(--curve); }
    .mark line { stroke: var(--faint); stroke-dasharray: 3 3; }
    .mark circle { fill: var(--card); stroke: var(--curve); stroke-width: 2; }
    .mark[hidden] { display: none; }
    .colours { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; margin: 0 0 1rem; padding: .6rem 0; border: 0; border-block: 1px solid var(--rule); color: var(--quiet); font-size: .84rem; }
    .colours legend { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .colours .t { font: .8rem var(--mono); padding: .1rem .4rem; color: var(--ink); }
    .sample { padding: .9rem 1rem; margin-bottom: 1rem; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
    .sample header { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin-bottom: .5rem; }
    h3 { margin: 0; font-size: .95rem; font-weight: 600; overflow-wrap: anywhere; }
    .sample .flow { max-height: 24rem; overflow: auto; }
    .flow .t.prompt { color: var(--quiet); }
    .p1 { background: rgb(var(--odd) / .10); } .p2 { background: rgb(var(--odd) / .2); }
    .p3 { background: rgb(var(--odd) / .34); } .p4 { background: rgb(var(--odd) / .5); }
    .by-advantage .flow .t { background: none; }
    .up1 { --a: .14; } .up2 { --a: .24; } .up3 { --a: .36; } .up4 { --a: .5; }
    .down1 { --a: .14; } .down2 { --a: .24; } .down3 { --a: .36; } .down4 { --a: .5; }
    .colours [class*="up"], .by-advantage .flow .t[class*="up"] { background: rgb(var(--up) / var(--a)); }
    .colours [class*="down"], .by-advantage .flow .t[class*="down"] { background: rgb(var(--down) / var(--a)); }
    .expected { margin-top: .5rem; font: .84rem/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
    .expected span { color: var(--quiet); font-family: system-ui, sans-serif; }
    .manifest { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; margin-bottom: 1.4rem; font-size: .86rem; }
    th, td { text-align: left; vertical-align: top; padding: .35rem 1rem .35rem 0; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
    th { color: var(--quiet); font-weight: 400; }
    td { font-family: var(--mono); font-size: .82rem; }
    .notes { padding-left: 1.1rem; color: var(--quiet); font-size: .86rem; }
    @media print { .chart, .sample { break-inside: avoid; } .sample .flow { max-height: none; } }
    """
}
