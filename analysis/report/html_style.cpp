#include "analysis/report/html_style.hpp"

namespace deadair::report {

namespace {

constexpr std::string_view on_a_screen = R"css(
:root {
  --page: #fff; --ink: #1b1f24; --soft: #57606a; --rule: #d8dee4; --panel: #f6f8fa;
  --alive: #116149; --dead: #b42318; --edge: #0b5cad; --alive-fill: #d7f0e5; --dead-fill: #fbe3e0;
  --warn: #8a5300; --warn-fill: #fff4d6; }
@media (prefers-color-scheme: dark) { :root {
  --page: #0e1217; --ink: #e6edf3; --soft: #a3adb8; --rule: #30373f; --panel: #171c23;
  --alive: #4cc495; --dead: #ff8a80; --edge: #82bdff; --alive-fill: #12382b; --dead-fill: #46201f;
  --warn: #f0c36d; --warn-fill: #33290f; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.5rem 3rem; background: var(--page);
  color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
  "DejaVu Sans", sans-serif; overflow-wrap: break-word; }
header { border-bottom: 2px solid var(--ink); padding-bottom: .75rem; }
h1 { font-size: 1.15rem; margin: 0; letter-spacing: -.005em; }
header p { margin: .1rem 0 0; color: var(--soft); font-size: .9rem; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 .75rem; letter-spacing: -.01em; }
p { margin: .6rem 0; max-width: 46rem; }
.lead { font-size: 1.5rem; line-height: 1.35; letter-spacing: -.015em; margin: 1.5rem 0 1.25rem;
  max-width: none; font-weight: 600; text-wrap: pretty; }
.caution { border-left: 4px solid var(--warn); background: var(--warn-fill); padding: .6rem .9rem;
  border-radius: 0 6px 6px 0; max-width: none; }
.caution::before { content: "Note: "; font-weight: 600; color: var(--warn); }
ul { padding-left: 1.2rem; max-width: 46rem; } li { margin: .3rem 0; }
pre { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: .7rem .9rem;
  white-space: pre-wrap; font: .85rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas,
  "DejaVu Sans Mono", monospace; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem;
  margin: 1rem 0; }
.facts div { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px;
  padding: .65rem .85rem .75rem; }
dt { color: var(--soft); font-size: .8rem; }
dd { margin: 0; font-size: 1.3rem; font-weight: 600; line-height: 1.3; letter-spacing: -.01em;
  font-variant-numeric: tabular-nums; }
dd.remark { font-size: .8rem; font-weight: 400; color: var(--soft); letter-spacing: 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: .8rem; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; white-space: nowrap; }
td:first-child { font-weight: 600; }
details { margin: .75rem 0; } summary { cursor: pointer; font-weight: 600; color: var(--edge); }
.scroll { overflow: auto; max-height: 32rem; margin-top: .5rem; border: 1px solid var(--rule);
  border-radius: 6px; }
.scroll table { font-size: .8rem; } .scroll th, .scroll td { padding: .25rem .7rem; white-space: nowrap; }
.scroll td:first-child { font-weight: 400; }
.scroll thead th { position: sticky; top: 0; background: var(--panel); }
figure { margin: 1.1rem 0 1.6rem; } figcaption { font-weight: 600; font-size: .9rem; margin-bottom: .35rem; }
figure svg { display: block; width: 100%; height: auto; }
.narrow { display: none; }
svg text { fill: var(--soft); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
  "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
svg .name { fill: var(--ink); font-weight: 600; } svg .value { fill: var(--ink); }
svg .grid { stroke: var(--rule); } svg .frame { fill: var(--panel); stroke: none; }
svg .alive { fill: var(--alive-fill); } svg .dead { fill: var(--dead-fill); }
svg .goodput { fill: var(--alive); opacity: .45; } svg .hung { fill: var(--dead); opacity: .45; } svg .stall { fill: var(--warn); }
svg .edge { stroke: var(--edge); stroke-width: 2; } svg .interval { fill: var(--edge); opacity: .3; }
svg .event { stroke: var(--warn); stroke-width: 1.5; stroke-dasharray: 4 3; }
svg .outage { fill: var(--warn); opacity: .25; }
svg .curve { fill: none; stroke: var(--edge); stroke-width: 1.5; stroke-linejoin: round; }
svg .mark { fill: none; stroke-width: 1.5; stroke: var(--dead); }
svg .delivered { stroke: var(--alive); stroke-width: 5; stroke-linecap: round; stroke-opacity: .8; }
svg .reset, svg .closed { fill: var(--dead); } svg .void { stroke: var(--soft); }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--rule); color: var(--soft);
  font-size: .8rem; }
)css";

constexpr std::string_view on_a_telephone_and_paper = R"css(
@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 2rem; } .lead { font-size: 1.25rem; }
  .facts { grid-template-columns: 1fr 1fr; }
  .wide { display: none; } .narrow { display: block; }
  .cards table, .cards tbody, .cards tr, .cards td { display: block; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards tr { border: 1px solid var(--rule); border-radius: 8px; padding: .5rem .75rem; margin: .6rem 0; }
  .cards td { border: 0; padding: .15rem 0; text-align: left; white-space: normal; display: grid;
    grid-template-columns: 7rem 1fr; gap: .5rem; overflow-wrap: anywhere; }
  .cards td:first-child { display: block; } .cards td:first-child::before { display: none; }
  .cards td::before { content: attr(data-head); color: var(--soft); font-size: .8rem; font-weight: 400;
    line-height: 1.8; }
}
@media print {
  :root { --page: #fff; --ink: #000; --soft: #444; --rule: #bbb; --panel: #f4f4f4; --alive: #116149;
    --dead: #b42318; --edge: #0b5cad; --alive-fill: #d7f0e5; --dead-fill: #fbe3e0; --warn: #8a5300;
    --warn-fill: #fff4d6; }
  body { max-width: none; padding: 0; font-size: 11pt; -webkit-print-color-adjust: exact;
    print-color-adjust: exact; }
  h2 { break-after: avoid; margin-top: 1.6rem; } figure, tr, .facts div { break-inside: avoid; }
  .scroll { max-height: none; overflow: visible; }
  pre, .scroll th, .scroll td { white-space: normal; }
}
)css";

}  // namespace

std::string html_style()
{
    return std::string{on_a_screen} + std::string{on_a_telephone_and_paper};
}

}  // namespace deadair::report
