"""What stands around the report's contents: the page, its style, and one card of its sheet.

Nothing is loaded from anywhere and there are no scripts: the choice of what to show is made of
radio buttons, which a keyboard reaches, and rules of the style sheet.
"""

from string import Template
from typing import Final

STYLE: Final = """\
:root {
  color-scheme: light dark;
  --page: #f4f4f2; --card: #fff; --stage: #e9e9e6; --check: #d9d9d5; --line: #dcdcd8;
  --text: #1d1d1b; --soft: #5f5f5a; --good: #1d7a50; --bad: #b3261e; --wait: #8a5a00;
  --bad-ground: #fdf1ef; --focus: #1a5fb4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #191919; --card: #242424; --stage: #383838; --check: #454545; --line: #3a3a3a;
    --text: #ececea; --soft: #a9a9a4; --good: #6cc79a; --bad: #ff8a80; --wait: #e0b050;
    --bad-ground: #33221f; --focus: #8ab8ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem clamp(1rem, 3vw, 2.5rem) 4rem; max-width: 1600px;
  background: var(--page); color: var(--text); font: 15px/1.45 system-ui, sans-serif;
}
a { color: inherit; text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1rem; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
p { margin: 0; }
.soft { color: var(--soft); }
.note { margin-top: .75rem; padding: .6rem .9rem; border: 1px solid var(--line);
  border-radius: 8px; background: var(--card); }
.totals { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin: 1.25rem 0 .75rem; }
.totals div { display: flex; flex-direction: column-reverse; }
.totals dt { color: var(--soft); font-size: .85rem; }
.totals dd { margin: 0; font-size: 1.35rem; font-weight: 600; }
.meter { display: flex; gap: 2px; height: 6px; border-radius: 3px; overflow: hidden; }
.meter span { background: var(--line); }
.meter .good { background: var(--good); }
.meter .bad { background: var(--bad); }
.reasons { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; }
.reasons li { padding: .75rem 1rem; border-left: 4px solid var(--bad); border-radius: 0 8px 8px 0;
  background: var(--bad-ground); overflow-wrap: anywhere; }
.why { font-weight: 600; }
.show { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 1rem; padding: 0; border: 0; }
.show legend { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
.show label { padding: .3rem .9rem; border: 1px solid var(--line); border-radius: 999px;
  background: var(--card); cursor: pointer; }
.show input { position: absolute; opacity: 0; }
.show label:has(:checked) { background: var(--text); color: var(--page);
  border-color: var(--text); }
.show label:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
body:has(#show-good:checked) .card:not(.good),
body:has(#show-bad:checked) .card:not(.bad),
body:has(#show-open:checked) .card:not(.open),
body:has(#show-good:checked) .compared:not(:has(.good)),
body:has(#show-bad:checked) .compared:not(:has(.bad)),
body:has(#show-open:checked) .compared:not(:has(.open)) { display: none; }
.sheet { display: grid; gap: 1.1rem; align-items: start;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr)); }
.compared { grid-column: 1 / -1; border-left: 3px solid var(--line); padding-left: 1rem; }
.compared .sheet { margin-top: .4rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  overflow: hidden; scroll-margin-top: 1rem; }
.card:target { outline: 3px solid var(--focus); }
.card.bad { border-color: var(--bad); }
.picture { display: grid; place-items: center; aspect-ratio: 1; background: var(--stage);
  color: var(--soft); text-align: center; text-decoration: none; }
.picture.cut { background: repeating-conic-gradient(var(--check) 0 25%, var(--stage) 0 50%)
  0 0 / 20px 20px; }
.picture img { display: block; width: 100%; height: 100%; object-fit: contain; }
.picture.low { aspect-ratio: auto; min-height: 3.5rem; }
.picture dl { grid-template-columns: minmax(0, 1fr) auto; font-size: .9rem; padding: 0 1rem;
  text-align: left; }
.picture dd { color: var(--text); font-weight: 600; font-variant-numeric: tabular-nums; }
.text { padding: .75rem .9rem .9rem; display: grid; gap: .3rem; }
.prompt { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3;
  overflow: hidden; overflow-wrap: anywhere; }
.facts { font-size: .87rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.facts span { white-space: nowrap; }
.card .why ~ p:not(.facts) { font-size: .87rem; }
.state { font-weight: 600; font-size: .87rem; }
.good .state, td.good { color: var(--good); }
.bad .state, td.bad { color: var(--bad); }
.open .state, td.open { color: var(--wait); }
.files { display: flex; flex-wrap: wrap; gap: .3rem .8rem; font-size: .87rem; }
details { font-size: .87rem; }
summary { cursor: pointer; color: var(--soft); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .75rem; margin: .4rem 0 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; background: var(--card);
  border: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line);
  vertical-align: top; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: break-word; }
.number { text-align: right; white-space: nowrap; }
td.state { font-size: inherit; white-space: nowrap; }
@media print {
  @page { margin: 12mm; }
  :root { color-scheme: light; --page: #fff; --card: #fff; --stage: #f0f0ee; --check: #e4e4e0;
    --line: #ccc; --text: #000; --soft: #555; --good: #1d7a50; --bad: #b3261e; --wait: #8a5a00;
    --bad-ground: #fff; }
  body { padding: 0; font-size: 9.5pt; max-width: none; print-color-adjust: exact; }
  .show, .files, details { display: none; }
  .sheet { grid-template-columns: repeat(4, 1fr); gap: 4mm; }
  .card, .reasons li, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  thead { display: table-header-group; }
  table, .facts, .picture dl, .card p, .card .why ~ p:not(.facts) { font-size: 7.5pt; }
  .facts span { white-space: normal; }
  th, td { padding: 1mm 1.5mm; overflow-wrap: break-word; white-space: normal; }
  .wide { overflow: visible; }
}
"""

PAGE: Final = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
$style</style>
</head>
<body>
<header>
<h1>$heading</h1>
<p class="soft">$moment</p>
$note
<dl class="totals">$totals</dl>
<div class="meter" aria-hidden="true">$meter</div>
</header>
<main>
$reasons
<h2 id="sheet">Contact sheet</h2>
$filters
<div class="sheet">
$cards
</div>
<h2>All rows</h2>
<div class="wide">
<table>
<thead><tr>$columns</tr></thead>
<tbody>
$lines
</tbody>
</table>
</div>
</main>
</body>
</html>
""")

CARD: Final = Template("""\
<article class="card $look" id="row-$number" aria-labelledby="name-$number">
$picture
<div class="text">
<h3 id="name-$number">$name</h3>
$prompt
<p class="state">$state</p>
$why
$facts
$files
<details><summary>Details</summary><dl>$details</dl></details>
</div>
</article>""")

COMPARED: Final = Template("""\
<section class="compared">
<p class="soft">$label</p>
<div class="sheet">
$cards
</div>
</section>""")
