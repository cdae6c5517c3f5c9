/** Style and script of the HTML report: inline, so that the page is one file and needs no network. */

export const STYLE = `
:root{color-scheme:light dark;--fg:#1f2328;--bg:#fff;--soft:#f6f8fa;--line:#d0d7de;--dim:#59636e;--ok:#1a7f37;--violation:#cf222e;--advisory:#9a6700;--unverified:#0969da}
@media (prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#0d1117;--soft:#161b22;--line:#3d444d;--dim:#9198a1;--ok:#3fb950;--violation:#f85149;--advisory:#d29922;--unverified:#58a6ff}}
*{box-sizing:border-box}
html{scroll-padding-top:5rem}
body{font:16px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);margin:0 auto;max-width:1360px;padding:1.5rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0 0 .5rem}
.dim{color:var(--dim)}.figures{margin:.25rem 0 1rem}
form{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.6rem .9rem;position:sticky;top:0;z-index:1}
fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.9rem}legend{float:left;margin-right:.9rem;font-weight:600}
select,button,input{font:inherit}label{white-space:nowrap}
:focus-visible{outline:2px solid var(--unverified);outline-offset:2px}
.card{border:1px solid var(--line);border-left:4px solid var(--line);border-radius:6px;margin:.9rem 0;padding:.9rem}
.card.ok{border-left-color:var(--ok)}.card.violation{border-left-color:var(--violation)}.card.advisory{border-left-color:var(--advisory)}.card.unverified{border-left-color:var(--unverified)}
.picture svg{max-width:100%;height:auto}.picture .tall{display:none}
@media screen and (max-width:1100px){.picture .wide{display:none}.picture .tall{display:block}}
.finding{border-top:1px solid var(--line);margin-top:.75rem;padding-top:.75rem}
.says{font-weight:600;margin:0}h1,h2,h3,p,li{overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:4rem 1fr;gap:.15rem .5rem;margin:.5rem 0 0}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
code,pre{font:14px/1.45 ui-monospace,monospace}pre{background:var(--soft);padding:.75rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.badge{border:1px solid currentColor;border-radius:1em;padding:0 .6em;font-size:.8rem;white-space:nowrap}
.ok>.badge,.badge.ok{color:var(--ok)}.badge.violation{color:var(--violation)}.badge.advisory{color:var(--advisory)}.badge.unverified{color:var(--unverified)}
svg text{font:13px system-ui,sans-serif;fill:var(--fg)}svg .kind{font-size:11px;fill:var(--dim)}
svg rect{fill:var(--soft);stroke:var(--line)}svg .elsewhere rect{stroke-dasharray:5 4;fill:var(--bg)}
svg .link path{fill:none;stroke-width:2}svg .link .head{stroke:none}
svg .ok path{stroke:var(--ok)}svg .ok .head{fill:var(--ok)}
svg .violation path{stroke:var(--violation)}svg .violation path:not(.head){stroke-dasharray:6 5}svg .violation .head,svg .violation circle{fill:var(--violation)}
svg .advisory path{stroke:var(--advisory)}svg .advisory .head,svg .advisory circle{fill:var(--advisory)}
svg .unverified path{stroke:var(--unverified)}svg .unverified path:not(.head){stroke-dasharray:2 4}svg .unverified .head,svg .unverified circle{fill:var(--unverified)}
svg text.mark{fill:var(--bg);text-anchor:middle;font-weight:700}
[hidden]{display:none!important}
@media (max-width:700px){body{padding:1rem}form{position:static}.card{padding:.7rem}dl{grid-template-columns:2.75rem 1fr}}
@media print{form{display:none}}
`;

export const SCRIPT = `
"use strict";
(() => {
  const form = document.querySelector("form");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const rule = form.querySelector("select");
  const shown = document.getElementById("shown");
  const cards = [...document.querySelectorAll(".card")];
  const apply = () => {
    const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const card of cards) {
      const findings = [...card.querySelectorAll(".finding")];
      for (const finding of findings) {
        finding.hidden = !(verdicts.has(finding.dataset.verdict) && (!rule.value || finding.dataset.rule === rule.value));
        if (!finding.hidden) count += 1;
      }
      const some = findings.some((finding) => !finding.hidden);
      card.hidden = !(some || (!rule.value && verdicts.has(card.dataset.verdict)));
    }
    const cardsShown = cards.filter((card) => !card.hidden).length;
    shown.textContent = count + " finding" + (count === 1 ? "" : "s") + " in " + cardsShown + " card" + (cardsShown === 1 ? "" : "s") + " shown";
  };
  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
`;
