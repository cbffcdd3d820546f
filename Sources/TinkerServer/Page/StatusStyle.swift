extension StatusPage {
  static let style = """
    :root {
      color-scheme: light dark;
      --ink: light-dark(#1d2430, #e6e9ef); --soft: light-dark(#5d6878, #9aa5b5);
      --paper: light-dark(#f6f7f9, #14171c); --card: light-dark(#ffffff, #1d2128);
      --line: light-dark(#dfe3e8, #313741); --accent: light-dark(#0b66c3, #6db3f8);
      --good: light-dark(#1a7f45, #5cc98a); --warn: light-dark(#a65b00, #f0ac55);
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 15px/1.5 system-ui, sans-serif;
    }
    header {
      display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: baseline;
      padding: 18px 24px 10px;
    }
    h1 { font-size: 20px; margin: 0; }
    h1 span { font-weight: 400; color: var(--soft); }
    h2 {
      font-size: 13px; margin: 0 0 10px; color: var(--soft); text-transform: uppercase;
      letter-spacing: .06em;
    }
    h3 { font: 600 14px/1.4 ui-monospace, monospace; margin: 0; overflow-wrap: anywhere; }
    #state { margin: 0; color: var(--soft); }
    #state.bad { color: var(--warn); }
    form { padding: 0 24px 12px; }
    main {
      display: grid; gap: 16px; padding: 6px 24px 32px;
      grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr));
    }
    section, .card {
      background: var(--card); border: 1px solid var(--line); border-radius: 10px;
      padding: 14px 16px; min-width: 0;
    }
    .wide { grid-column: 1 / -1; }
    .cards {
      display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr));
    }
    dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 16px; margin: 0; }
    dt { color: var(--soft); }
    dd { margin: 0; font-variant-numeric: tabular-nums; }
    .empty { color: var(--soft); margin: 0; }
    .meta { color: var(--soft); margin: 2px 0 8px; font-size: 13px; }
    .busy { color: var(--good); }
    .stuck { color: var(--warn); }
    svg { display: block; width: 100%; height: 130px; }
    svg path { fill: none; stroke: var(--accent); stroke-width: 1.6; }
    svg line { stroke: var(--line); }
    svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
    table { width: 100%; border-collapse: collapse; font-size: 13px; }
    th { text-align: left; font-weight: 500; color: var(--soft); }
    th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
    tr:last-child td { border-bottom: 0; }
    td.path { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
    td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .scroll { overflow-x: auto; }
    .sample { padding: 8px 0; border-bottom: 1px solid var(--line); }
    .sample:last-child { border-bottom: 0; }
    .sample pre {
      margin: 2px 0 0; font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap;
      overflow-wrap: anywhere; max-height: 12em; overflow-y: auto;
    }
    .sample .prompt { color: var(--soft); }
    """
}
