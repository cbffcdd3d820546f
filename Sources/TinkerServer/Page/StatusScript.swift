extension StatusPage {
  /// Text enters the page by `textContent` alone, since samples are whatever a model says.
  static let script = #"""
    "use strict";
    const $ = id => document.getElementById(id);
    const el = (name, attributes = {}, ...children) => {
      const out = name === "svg" || name === "path" || name === "line" || name === "text"
        ? document.createElementNS("http://www.w3.org/2000/svg", name)
        : document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) out.setAttribute(key, value);
      for (const child of children) out.append(child);
      return out;
    };
    const put = (id, children) => $(id).replaceChildren(...children);
    const none = text => [el("p", { class: "empty" }, text)];
    const bytes = n => n === undefined ? "" : n < 1024 ? n + " B"
      : n < 1048576 ? (n / 1024).toFixed(1) + " KiB" : (n / 1048576).toFixed(1) + " MiB";
    const count = (n, what) => n + " " + what + (n === 1 ? "" : "s");
    const ago = s => s < 60 ? Math.max(0, Math.round(s)) + " s" : s < 3600
      ? Math.round(s / 60) + " min" : s < 86400 ? Math.round(s / 3600) + " h"
      : Math.round(s / 86400) + " d";

    function curve(points) {
      const width = 320, height = 130, left = 40, bottom = 18, top = 8;
      const steps = points.map(p => p[0]), losses = points.map(p => p[1]);
      const x0 = Math.min(...steps), x1 = Math.max(...steps, x0 + 1);
      const y0 = Math.min(0, ...losses), y1 = Math.max(...losses, y0 + 1e-6);
      const x = v => left + (v - x0) / (x1 - x0) * (width - left - 6);
      const y = v => top + (y1 - v) / (y1 - y0) * (height - top - bottom);
      const d = points.map((p, i) =>
        (i ? "L" : "M") + x(p[0]).toFixed(1) + " " + y(p[1]).toFixed(1)).join("");
      const svg = el("svg", {
        viewBox: `0 0 ${width} ${height}`, role: "img", preserveAspectRatio: "none",
        "aria-label": `loss from ${losses[0].toFixed(3)} to ${losses.at(-1).toFixed(3)}`
      });
      for (const value of [y0, (y0 + y1) / 2, y1]) {
        svg.append(el("line", { x1: left, x2: width - 6, y1: y(value), y2: y(value) }));
        svg.append(el("text", { x: left - 4, y: y(value) + 4, "text-anchor": "end" },
          value.toPrecision(2)));
      }
      svg.append(el("text", { x: left, y: height - 4 }, "step " + x0));
      svg.append(el("text", { x: width - 6, y: height - 4, "text-anchor": "end" }, "" + x1));
      svg.append(el("path", { d }));
      return svg;
    }

    function model(m) {
      const card = el("div", { class: "card" }, el("h3", {}, m.id));
      const state = m.missing !== undefined
        ? el("span", { class: "stuck" }, `waits for request ${m.missing}`)
        : m.running || m.waiting
          ? el("span", { class: "busy" }, `at work, ${m.waiting} waiting`) : "idle";
      card.append(el("p", { class: "meta" },
        `${m.base_model} · rank ${m.rank} · ${count(m.steps, "step")} · `, state,
        m.loss.length ? ` · loss ${m.loss.at(-1)[1].toFixed(4)}` : ""));
      card.append(m.loss.length > 1 ? curve(m.loss)
        : el("p", { class: "empty" }, m.loss.length ? "a curve needs two steps" : "no loss yet"));
      return card;
    }

    function table(names, rows) {
      return [el("div", { class: "scroll" }, el("table", {},
        el("thead", {}, el("tr", {}, ...names.map(n => el("th", { scope: "col" }, n)))),
        el("tbody", {}, ...rows)))];
    }

    function show(s) {
      $("state").className = "";
      $("state").textContent = [
        "up " + ago(s.now - s.started), count(s.sessions, "session"),
        count(s.models.length, "model"), count(s.samplers, "sampler")
      ].join(" · ");
      const facts = [
        ["waiting requests", s.waiting], ["waiting bytes", bytes(s.waiting_bytes)],
        ["samples at work", s.running_samples], ["samples in line", s.waiting_samples]
      ];
      put("queue", facts.flatMap(([name, value]) =>
        [el("dt", {}, name), el("dd", {}, "" + value)]));
      put("base", table(["name", "context", "tokenizer"], s.base_models.map(m =>
        el("tr", {}, el("td", { class: "path" }, m.name),
          el("td", { class: "number" }, "" + (m.context ?? "")),
          el("td", { class: "path" }, m.tokenizer ?? "none")))));
      put("models", s.models.length ? s.models.map(model)
        : none("No model is being trained."));
      put("samples", s.samples.length ? s.samples.map(n => el("div", { class: "sample" },
        el("div", { class: "meta" }, `${n.model} · ${ago(s.now - n.time)} ago`),
        el("pre", { class: "prompt" }, n.prompt), el("pre", {}, n.text)))
        : none("Nothing has been sampled."));
      put("checkpoints", s.checkpoints.length
        ? table(["path", "kind", "size", "written", "expires"], s.checkpoints.map(c =>
          el("tr", {}, el("td", { class: "path" }, c.tinker_path),
            el("td", {}, c.checkpoint_type + (c.public ? ", public" : "")),
            el("td", { class: "number" }, bytes(c.size_bytes)), el("td", {}, c.time),
            el("td", {}, c.expires_at ?? "never"))))
        : none("Nothing has been saved."));
    }

    let key = sessionStorage.getItem("key") ?? "", last = "";
    async function refresh() {
      try {
        const reply = await fetch("/status.json", { headers: key ? { "X-API-Key": key } : {} });
        $("key").hidden = reply.status !== 401;
        if (!reply.ok) throw new Error((await reply.json()).detail ?? reply.status);
        const text = await reply.text();
        if (text !== last) show(JSON.parse(text));
        last = text;
      } catch (error) {
        $("state").className = "bad";
        $("state").textContent = "no answer: " + error.message;
        last = "";
      }
      setTimeout(refresh, document.hidden ? 5000 : 1000);
    }
    $("key").addEventListener("submit", event => {
      event.preventDefault();
      key = new FormData(event.target).get("key");
      sessionStorage.setItem("key", key);
    });
    refresh();
    """#
}
