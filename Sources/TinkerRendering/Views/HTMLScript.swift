/// The behaviour of the page: the card of a token, the keyboard, and addresses of tokens.
enum HTMLScript {
  static let source = #"""
    "use strict";
    const tip = document.getElementById("tip");
    const tokens = [...document.querySelectorAll("main .t")];
    let current = null;

    const row = (name, value) => value === undefined || value === "" ? null : [name, value];

    function card(token) {
      const segment = token.parentElement.dataset, own = token.dataset;
      const text = [...token.childNodes].filter(n => n.nodeName === "#text" || n.nodeName === "I")
        .map(n => n.textContent).join("");
      const rows = [
        row("id", own.i), row("position", own.p), row("positions", own.n), row("weight", segment.w),
        row("kind", segment.k.replace("_", " ")),
        row("message", segment.m === undefined ? undefined : `${segment.m} · ${segment.r}`),
        row("bytes", own.b), row("sampled", segment.s ? "by the model" : "no")];
      const list = document.createElement("dl");
      for (const [name, value] of rows.filter(Boolean)) {
        const dt = document.createElement("dt"), dd = document.createElement("dd");
        dt.textContent = name; dd.textContent = value; list.append(dt, dd);
      }
      const head = document.createElement("p");
      head.textContent = text.replace(/\n/g, "").replace(/ /g, "␣") || "part of a character";
      tip.replaceChildren(head, list);
      tip.className = segment.w > 0 ? "l" : "";
    }

    function show(token) {
      if (current) { current.classList.remove("on"); current.removeAttribute("aria-describedby"); }
      current = token;
      token.classList.add("on");
      token.setAttribute("aria-describedby", "tip");
      card(token);
      tip.hidden = false;
      place(token);
    }

    function place(token) {
      const box = token.getClientRects()[0] || token.getBoundingClientRect();
      const width = tip.offsetWidth, height = tip.offsetHeight, gap = 8;
      const left = Math.min(Math.max(gap, box.left), innerWidth - width - gap);
      const below = box.bottom + gap;
      tip.style.left = `${left}px`;
      tip.style.top = `${below + height > innerHeight ? Math.max(gap, box.top - height - gap) : below}px`;
    }

    function hide() {
      if (current) { current.classList.remove("on"); current.removeAttribute("aria-describedby"); }
      current = null;
      tip.hidden = true;
    }

    // One token of the page is in the tab order; the arrows go from there.
    let tabStop = tokens[0];
    tokens.forEach(token => token.tabIndex = -1);
    if (tabStop) tabStop.tabIndex = 0;
    function focus(token, block = "nearest") {
      if (!token) return;
      tabStop.tabIndex = -1;
      tabStop = token;
      token.tabIndex = 0;
      token.focus({ preventScroll: true });
      token.scrollIntoView({ block });
      show(token);
    }

    const near = (token, step) => tokens[tokens.indexOf(token) + step];
    function nextMessage(token, step) {
      const messages = [...document.querySelectorAll("main .message")];
      const message = messages[messages.indexOf(token.closest(".message")) + step];
      return message && message.querySelector(".t");
    }

    document.addEventListener("mouseover", event => {
      const token = event.target.closest("main .t");
      if (token) show(token); else if (!event.target.closest("#tip")) hide();
    });
    document.addEventListener("click", event => {
      const token = event.target.closest("main .t");
      if (token && !String(getSelection())) focus(token);
    });
    document.addEventListener("focusin", event => {
      const token = event.target.closest("main .t");
      if (token) show(token); else hide();
    });
    document.addEventListener("keydown", event => {
      if (event.key === "Escape") return hide();
      const token = document.activeElement && document.activeElement.closest("main .t");
      if (!token || event.altKey || event.ctrlKey || event.metaKey) return;
      const to = {
        ArrowLeft: () => near(token, -1), ArrowRight: () => near(token, 1),
        ArrowUp: () => nextMessage(token, -1), ArrowDown: () => nextMessage(token, 1),
        Home: () => tokens[0], End: () => tokens[tokens.length - 1] }[event.key];
      if (to) { event.preventDefault(); focus(to()); }
    });
    addEventListener("scroll", () => {
      if (!current) return;
      if (current === document.activeElement) place(current); else hide();
    }, { passive: true });

    function follow() {
      const target = /^#e(\d+)t(\d+)$/.exec(location.hash);
      if (!target) return;
      const example = document.getElementById(`e${target[1]}`);
      if (example) focus(example.querySelector(`.t[data-p="${target[2]}"]`), "center");
    }
    addEventListener("hashchange", follow);
    follow();
    """#
}
