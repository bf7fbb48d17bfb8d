// SPDX-License-Identifier: Apache-2.0
// The map as one HTML page that needs no network: verdict, paths as lists, the picture, all jobs as a table. A click on a box leaves what is joined to it; another undoes that.
import { escapeXml } from '../../../formats/xml-print.ts';
import { mapStyle, printMapSvg } from './map-svg.ts';
import { jobColumns, jobRows } from './map-table.ts';
import type { OutsiderPath } from './outsider-paths.ts';
import type { PipelineMap } from './pipeline-map.ts';

export function printMapHtml(map: PipelineMap, paths: readonly OutsiderPath[], title: string): string {
  const jobs = map.nodes.filter(({ kind }) => kind === 'job');
  const open = jobs.filter(({ actor }) => actor === 'anyone').length;
  const verdict =
    paths.length === 0
      ? 'No path from an outsider to a secret or to production was found.'
      : `${paths.length} ${paths.length === 1 ? 'path' : 'paths'} from an outsider to a secret or to production.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pipeline map of ${escapeXml(title)}</title>
<style>${pageStyle}${mapStyle}</style>
</head>
<body>
<header>
<h1>Pipeline map <small>${escapeXml(title)}</small></h1>
<p class="verdict ${paths.length === 0 ? 'good' : 'bad'}">${verdict}</p>
<p class="facts">${jobs.length} jobs, ${open} of which anyone can start. ${map.nodes.filter(({ kind }) => kind === 'secret').length} secrets, ${map.nodes.filter(({ kind }) => kind === 'image').length} images, ${map.nodes.filter(({ kind }) => kind === 'workload').length} workloads are joined to them.</p>
</header>
<main>
<section class="paths">${paths.map(printPath).join('\n')}</section>
<section class="picture" tabindex="0" aria-label="Picture of the map">${printMapSvg(map, paths, { use: 'page' })}</section>
<section><h2>Jobs</h2><div class="picture"><table><thead><tr>${jobColumns.map((title) => `<th>${title.charAt(0)}${title.slice(1).toLowerCase()}</th>`).join('')}</tr></thead>
<tbody>${jobRows(map).map(printRow).join('\n')}</tbody></table></div></section>
</main>
<script>${script}</script>
</body>
</html>
`;
}

function printPath(path: OutsiderPath): string {
  const steps = path.steps.map(({ text, location }) => {
    const place =
      location === undefined
        ? ''
        : ` <code>${escapeXml(location.path)}${location.line === undefined ? '' : `:${location.line}`}</code>`;
    return `<li>${escapeXml(text)}${place}</li>`;
  });
  const guard = path.guard === undefined ? '' : `<p class="guard">If nothing stops it: ${escapeXml(path.guard)}.</p>`;
  return `<details${path.guard === undefined ? ' open' : ''}><summary><b>${path.kind}</b> ${escapeXml(path.label)}</summary>${guard}<ol>${steps.join('')}</ol></details>`;
}

function printRow(row: readonly string[]): string {
  const cells = row.map(
    (cell, index) => `<td>${index === row.length - 1 ? `<code>${escapeXml(cell)}</code>` : escapeXml(cell)}</td>`,
  );
  return `<tr>${cells.join('')}</tr>`;
}

const pageStyle = `
:root{color-scheme:light dark;--text:#1c2430;--muted:#5b6776;--ground:#fff;--card:#f5f7fa;--line:#d5dbe3;--bad:#c62828;--good:#2e7d32}
@media (prefers-color-scheme:dark){:root{--text:#e6eaf0;--muted:#98a4b3;--ground:#12161c;--card:#1b222b;--line:#333d49;--bad:#ff7b72;--good:#7ee787}}
*{box-sizing:border-box}
body{margin:0;padding:24px 28px;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:22px;margin:0 0 4px}h1 small{font-weight:400;color:var(--muted);font-size:15px;margin-left:8px}
.verdict{margin:0;font-weight:600}.verdict.bad{color:var(--bad)}.verdict.good{color:var(--good)}
.facts{margin:2px 0 18px;color:var(--muted)}
.paths{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,430px),1fr));gap:12px;margin-bottom:20px;align-items:start}
details{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--bad);border-radius:6px;padding:10px 14px}
summary{cursor:pointer}summary b{text-transform:uppercase;font-size:11px;letter-spacing:.05em;color:var(--bad);margin-right:8px}
ol{margin:8px 0 2px;padding-left:22px}li{margin:3px 0;overflow-wrap:anywhere}
h2{font-size:17px;margin:24px 0 8px}
table{border-collapse:collapse;width:100%;font-size:13px}th,td{text-align:left;vertical-align:top;padding:5px 12px;border-bottom:1px solid var(--line)}th{color:var(--muted);font-weight:600}td:last-child{white-space:nowrap}
code{font:12px ui-monospace,SFMono-Regular,Menlo,monospace;color:var(--muted);overflow-wrap:anywhere}
.guard{margin:6px 0 0;color:var(--muted);font-size:13px}
.picture{overflow:auto;border:1px solid var(--line);border-radius:6px}
.node{cursor:pointer}
`;

const script = `
(function(){var svg=document.querySelector('.pipeline-map');if(!svg)return;var chosen=null;
svg.addEventListener('click',function(event){var group=event.target.closest('.node');var id=group&&group.dataset.id;chosen=id&&id!==chosen?id:null;
var keep=new Set(chosen?[chosen]:[]);var edges=[].slice.call(svg.querySelectorAll('.edge[data-from]'));
if(chosen){[['from','to'],['to','from']].forEach(function(way){var queue=[chosen],seen=new Set(queue);while(queue.length){var at=queue.pop();edges.forEach(function(edge){if(edge.dataset[way[0]]===at&&!seen.has(edge.dataset[way[1]])){seen.add(edge.dataset[way[1]]);queue.push(edge.dataset[way[1]])}})}seen.forEach(function(item){keep.add(item)})})}
svg.querySelectorAll('.node').forEach(function(node){node.classList.toggle('faded',!!chosen&&!keep.has(node.dataset.id))});
edges.forEach(function(edge){edge.classList.toggle('faded',!!chosen&&!(keep.has(edge.dataset.from)&&keep.has(edge.dataset.to)))})})})();
`;
