/** How the picture looks, in light and in dark, and the script that follows the pointer. Both are constants: nothing from outside is in them. */

export const style = `
:root { color-scheme: light dark;
  --paper: light-dark(#fdfcf9, #14161b); --ink: light-dark(#1d2026, #dcdfe6); --soft: light-dark(#5c626e, #9aa1ae);
  --line: light-dark(#e3dfd5, #2b303a); --card: light-dark(#f4f1e9, #1b1f27);
  --bad: light-dark(#c3271c, #ff7b70); --behind: light-dark(#d99a2b, #b98a2e); --passed: light-dark(#b4610b, #f0a04b); --kept: light-dark(#16794c, #4fc48b);
  --c0: light-dark(#2563b8, #6ea8f0); --c1: light-dark(#c79312, #e3bc4e); --c2: light-dark(#178a78, #49c3ae); --c3: light-dark(#8c51b8, #c08fe8);
  --c4: light-dark(#c2558f, #ea92c2); --c5: light-dark(#74861a, #b4c64c); --c6: light-dark(#2296b8, #5fcbea); --c7: light-dark(#96663a, #cf9f72);
  --c8: light-dark(#5d6d8c, #9cadc8); --c9: light-dark(#3f8f3f, #7fca7f); }
* { box-sizing: border-box; }
html { font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; background: var(--paper); color: var(--ink); }
body { margin: 0; }
main { max-width: 100rem; margin: 0 auto; padding: 1.4rem clamp(.8rem, 3vw, 2rem) 7rem; }
h1 { font-size: 1.5rem; margin: 0 0 .1rem; font-weight: 600; } h2 { font-size: 1.05rem; margin: 1.8rem 0 .5rem; font-weight: 600; }
.soft { color: var(--soft); margin: 0 0 .8rem; }
.finding { margin: .5rem 0; padding: .45rem .9rem; border-left: 4px solid var(--kept); background: var(--card); max-width: 75rem; }
.finding.broken { border-color: var(--bad); } .finding.behind { border-color: var(--behind); }
.bad { color: var(--bad); }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1.3rem; margin: .9rem 0; padding: 0; list-style: none; font-size: .8rem; color: var(--soft); }
.legend svg { vertical-align: -1px; margin-right: .25rem; }
.chart { display: flex; margin: 0; font-size: 12px; }
.labels { position: relative; flex: 0 0 166px; } .labels span { position: absolute; left: 0; white-space: nowrap; line-height: 15px; margin: 0; }
.labels .name { font-weight: 600; font-size: 13px; line-height: 18px; max-width: 160px; overflow: hidden; text-overflow: ellipsis; } .labels b { font-weight: 400; color: var(--soft); margin-left: .5em; }
.labels .part { left: 17px; font-size: 11px; } .labels .tick { left: auto; right: 8px; font-size: 9.5px; color: var(--soft); font-variant-numeric: tabular-nums; }
.swatch { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin-right: 6px; vertical-align: -1px; }
.scroll { overflow-x: auto; min-width: 0; } .scroll:focus-visible { outline: 2px solid var(--c0); outline-offset: 3px; }
.chart svg { display: block; }
.lane-ground { fill: var(--card); } .ground path { stroke: var(--line); fill: none; }
${Array.from({ length: 10 }, (_, hue) => `.c${hue} { fill: var(--c${hue}); } .line.c${hue} { stroke: var(--c${hue}); } .k${hue} { background: var(--c${hue}); }`).join("\n")}
.part { fill-opacity: .45; } .line { fill: none; stroke-width: 1.7; stroke-linejoin: round; }
.full { fill: var(--ink); } .end { fill: var(--ink); } .afresh { fill: var(--paper); stroke: var(--ink); stroke-width: .6; } .more { fill: var(--soft); }
.wasted { fill: url(#h-wasted); } #h-wasted rect { fill: var(--paper); fill-opacity: .62; }
.waits { fill: url(#h-waits); } #h-waits rect { fill: var(--soft); fill-opacity: .65; }
.passed { fill: url(#h-passed); } #h-passed rect { fill: var(--passed); }
.suspended { fill: url(#h-suspended); } #h-suspended rect { fill: var(--c3); }
.skipped { fill: url(#h-skipped); } #h-skipped rect { fill: var(--soft); fill-opacity: .3; }
.charged { fill: none; stroke: var(--soft); stroke-width: 1; } .stopped { fill: var(--soft); fill-opacity: .22; }
.checkpoint { stroke: var(--ink); stroke-opacity: .55; stroke-dasharray: 3 3; fill: none; } .flag { fill: var(--ink); }
.abort { stroke: var(--ink); stroke-width: 1.6; fill: none; }
.unpaid { fill: var(--ink); fill-opacity: .17; } .rules path { stroke: var(--soft); stroke-opacity: .5; stroke-width: .8; fill: none; } .rules .dashed { stroke-dasharray: 2 4; }
.promised { fill: none; stroke: var(--ink); stroke-opacity: .75; stroke-dasharray: 5 3; stroke-width: 1; }
path.broken { fill: var(--bad); fill-opacity: .32; } path.behind { fill: var(--behind); fill-opacity: .26; }
.numbers text { font-size: 8.5px; text-anchor: middle; fill: light-dark(#fff, #14161b); font-variant-numeric: tabular-nums; }
.axis text { font-size: 10px; fill: var(--soft); text-anchor: middle; font-variant-numeric: tabular-nums; } .axis path { stroke: var(--soft); fill: none; } .axis .faint { stroke: var(--ink); stroke-opacity: .06; }
.columns rect { fill: transparent; } #cursor { fill: var(--ink); fill-opacity: .1; }
#round { position: fixed; bottom: 0; left: 0; right: 0; white-space: pre-wrap; padding: .5rem clamp(.8rem, 3vw, 2rem); background: color-mix(in srgb, var(--card) 95%, transparent); border-top: 1px solid var(--line); font: 12px/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; columns: 34rem auto; max-height: 40vh; overflow: auto; pointer-events: none; }
table { border-collapse: collapse; font-size: .82rem; } th, td { padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; font-weight: 400; }
thead th { color: var(--soft); white-space: normal; vertical-align: bottom; min-width: 4.5rem; } .number { text-align: right; font-variant-numeric: tabular-nums; }
@media print { #round { display: none; } .scroll { overflow: visible; } }
`;

export const script = `
(() => {
  const svg = document.querySelector(".chart svg"), told = document.getElementById("round"), cursor = document.getElementById("cursor");
  const columns = [...svg.querySelectorAll(".columns rect")], column = Number(svg.dataset.column), height = svg.viewBox.baseVal.height;
  const words = columns.map((rect) => { const title = rect.querySelector("title"); const text = title.textContent; title.remove(); return text; });
  let at = -1;
  const show = (next) => {
    if (next === at || words.length === 0) return;
    at = next;
    told.hidden = at < 0;
    told.textContent = at < 0 ? "" : words[at];
    cursor.setAttribute("d", at < 0 ? "" : "M" + at * column + " 0h" + column + "v" + height + "h" + -column + "z");
  };
  svg.addEventListener("pointermove", (event) => show(Math.min(words.length - 1, Math.max(0, Math.floor((event.clientX - svg.getBoundingClientRect().left) / column)))));
  svg.addEventListener("pointerleave", () => show(-1));
  svg.parentElement.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    show(Math.min(words.length - 1, Math.max(0, at + step)));
    columns[at].scrollIntoView({ block: "nearest", inline: "nearest" });
  });
})();
`;
