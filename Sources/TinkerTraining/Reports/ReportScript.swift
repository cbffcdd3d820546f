/// The behaviour of the page: the number under the pointer, and the colours of samples.
enum ReportScript {
  static let source = #"""
    "use strict";
    for (const chart of document.querySelectorAll(".chart")) {
      const svg = chart.querySelector("svg"), mark = svg.querySelector(".mark");
      const output = chart.querySelector("output"), last = output.textContent;
      const list = name => svg.dataset[name].split(" ");
      const xs = list("x").map(Number), ys = list("y"), steps = list("step"), values = list("value");
      svg.addEventListener("pointermove", event => {
        const box = svg.getBoundingClientRect();
        const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
        let near = 0;
        xs.forEach((at, index) => { if (Math.abs(at - x) < Math.abs(xs[near] - x)) near = index; });
        const [line, circle] = mark.children;
        line.setAttribute("x1", xs[near]); line.setAttribute("x2", xs[near]);
        circle.setAttribute("cx", xs[near]); circle.setAttribute("cy", ys[near]);
        mark.removeAttribute("hidden");
        output.textContent = `step ${steps[near]}: ${values[near]}`;
      });
      svg.addEventListener("pointerleave", () => {
        mark.setAttribute("hidden", "");
        output.textContent = last;
      });
    }
    document.addEventListener("change", event => {
      if (event.target.name !== "colours") return;
      document.body.classList.toggle("by-advantage", event.target.value === "advantage");
    });
    """#
}
