/// What the page of an audit has beyond the page of examples.
enum AuditStyle {
  static let sheet = """

    :root { --error: #b3261e; --warning: #9a6200; --note: #2456d6; --bar: #7c9cc9; --bar-bad: #b3261e; }
    @media (prefers-color-scheme: dark) {
      :root { --error: #ff8a80; --warning: #f0b464; --note: #86a8ff; --bar: #5f7fae; --bar-bad: #ff8a80; }
    }
    .clean { font-size: 1.1rem; color: var(--loss-mark); padding: 1rem 0; border-top: 1px solid var(--rule); }
    table { border-collapse: collapse; width: 100%; margin: 0 0 2rem; }
    th, td { text-align: left; padding: .42rem .9rem .42rem 0; border-bottom: 1px solid var(--rule); vertical-align: baseline; }
    thead th { color: var(--quiet); font-weight: 400; font-size: .82rem; }
    tbody th { font-weight: 500; white-space: nowrap; }
    .n { text-align: right; font-variant-numeric: tabular-nums; }
    .found th a { color: inherit; text-decoration-color: var(--faint); text-underline-offset: .2em; }
    .found tbody th, .group h2 { font-family: var(--mono); font-size: .9rem; }
    .severity { font: 500 .76rem system-ui, sans-serif; margin-left: .5rem; }
    .error .severity { color: var(--error); }
    .warning .severity { color: var(--warning); }
    .note .severity { color: var(--note); }
    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.5rem 3rem; margin: 2.2rem 0; }
    figure { margin: 0; }
    figcaption { font-size: .88rem; margin-bottom: .6rem; }
    figcaption b, caption { font-weight: 600; }
    figcaption span { display: block; color: var(--quiet); }
    svg { width: 100%; height: auto; display: block; overflow: visible; }
    svg .area { fill: transparent; }
    svg .bar { fill: var(--bar); }
    svg .bad .bar { fill: var(--bar-bad); }
    svg g:hover .area { fill: var(--shade); }
    svg line { stroke: var(--rule); }
    svg text { fill: var(--quiet); font: 12px system-ui, sans-serif; }
    caption { text-align: left; font-size: .88rem; padding-bottom: .3rem; }
    .track { width: 45%; color: var(--quiet); font-size: .84rem; white-space: nowrap; padding-right: 0; }
    .track span { display: inline-block; height: .62rem; background: var(--strip); border-radius: 2px; overflow: hidden; margin-right: .6rem; }
    .track i { display: block; height: 100%; background: var(--strip-loss); }
    .track .lost { background: var(--bar-bad); max-width: 60%; }
    .group { margin-top: 3.2rem; scroll-margin-top: 1rem; }
    .group .example { margin-top: .3rem; }
    .group .example h2 { font: 500 .86rem var(--mono); color: var(--quiet); }
    .means, .remark { color: var(--quiet); font-size: .9rem; margin-top: .2rem; }
    .offender { margin-top: 1.5rem; overflow-wrap: anywhere; }
    .offender b { font: 500 .86rem var(--mono); }
    .t.mark { --mark: var(--error); box-shadow: inset 0 -3px 0 var(--mark); border-radius: 0; }
    .warning .t.mark { --mark: var(--warning); }
    .note .t.mark { --mark: var(--note); }
    .flow .s:not(.l) .t.mark { background: color-mix(in srgb, var(--mark) 18%, transparent); }
    .legend { margin-top: 2rem; }
    @media (max-width: 40rem) {
      .found th, .found td { padding-right: .5rem; }
      .found tbody th { white-space: normal; }
      .track { width: 25%; }
    }
    """
}
