// SPDX-License-Identifier: Apache-2.0
// The map as one SVG that needs nothing else: colours say who can make something happen, words say it too; the paths of an outsider stand out.
import { escapeXml } from '../../../formats/xml-print.ts';
import { formatLocation } from '../../../model/location.ts';
import type { Band, MapLayout, PlacedNode } from './map-layout.ts';
import { layoutMap } from './map-layout.ts';
import type { OutsiderPath } from './outsider-paths.ts';
import type { MapEdge, MapNode, PipelineMap } from './pipeline-map.ts';

export interface SvgOptions {
  /** `page`: as part of an HTML page, which brings the style sheet. */
  readonly use: 'file' | 'page';
}

export function printMapSvg(
  map: PipelineMap,
  paths: readonly OutsiderPath[],
  { use }: SvgOptions = { use: 'file' },
): string {
  const onPath = new Set(paths.flatMap(({ nodes }) => nodes));
  const layout = layoutMap(map, onPath);
  const pathEdges = new Set(
    paths.flatMap(({ nodes }) => nodes.slice(1).map((node, index) => `${nodes[index]} ${node}`)),
  );
  // What waits for another job is joined to that job; its triggers would only be more lines.
  const waiting = new Set(layout.edges.filter(({ kind }) => kind === 'then').map(({ to }) => to));
  const shown = layout.edges.filter(
    ({ from, to, kind }) => kind !== 'starts' || !waiting.has(to) || pathEdges.has(`${from} ${to}`),
  );
  const edges = shown.toSorted(
    (a, b) => Number(pathEdges.has(`${a.from} ${a.to}`)) - Number(pathEdges.has(`${b.from} ${b.to}`)),
  );
  const parts = [
    ...layout.bands.map(printBand),
    ...layout.titles.map(({ text, x }) => `<text class="layer" x="${x}" y="66">${text}</text>`),
    ...edges.map((edge) => printEdge(edge, layout, pathEdges.has(`${edge.from} ${edge.to}`))),
    ...[...layout.nodes.values()].map((placed) => printNode(placed, onPath.has(placed.node.id))),
  ];
  const style = use === 'file' ? `<style>${mapStyle}</style>` : '';
  const more =
    layout.leftOut === 0
      ? ''
      : `<text class="detail" x="24" y="${layout.height - 6}">${layout.leftOut} steps are not shown</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="pipeline-map" role="img" aria-label="Pipeline map" viewBox="0 0 ${layout.width} ${layout.height}" width="${layout.width}" height="${layout.height}">${style}
<defs>${markers}</defs>
<rect class="ground" width="100%" height="100%"/>
${legend()}
${parts.join('\n')}
${more}
</svg>
`;
}

export const mapStyle = `
.pipeline-map{--ground:#fff;--text:#1c2430;--muted:#5b6776;--line:#c6ced8;--box:#fff;--band:#f5f7fa;--anyone:#c62828;--contributor:#a85f00;--maintainer:#1560bd;--other:#66707c;--path:#c62828;font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
@media (prefers-color-scheme:dark){.pipeline-map{--ground:#12161c;--text:#e6eaf0;--muted:#98a4b3;--line:#414c5a;--box:#1b222b;--band:#171d25;--anyone:#ff7b72;--contributor:#e3a23c;--maintainer:#6cb0ff;--other:#9aa5b1;--path:#ff7b72}}
.pipeline-map .ground{fill:var(--ground)}
.pipeline-map .band{fill:var(--band);stroke:var(--line);stroke-width:1}
.pipeline-map text{fill:var(--text);font-size:13px}
.pipeline-map .layer{font-size:12px;font-weight:600;fill:var(--muted);letter-spacing:.04em;text-transform:uppercase}
.pipeline-map .path-name{font-size:12px;fill:var(--muted);font-weight:600}
.pipeline-map .detail{font-size:11px;fill:var(--muted)}
.pipeline-map .box{fill:var(--box);stroke:var(--line);stroke-width:1}
.pipeline-map .on-path .box{stroke:var(--path);stroke-width:2}
.pipeline-map .edge{fill:none;stroke:var(--line);stroke-width:1.3}
.pipeline-map .edge.anyone{stroke:var(--anyone);stroke-opacity:.4}
.pipeline-map .edge.contributor{stroke:var(--contributor);stroke-opacity:.45}
.pipeline-map .edge.maintainer{stroke:var(--maintainer);stroke-opacity:.45}
.pipeline-map .edge.on-path{stroke:var(--path);stroke-opacity:1;stroke-width:2.4}
.pipeline-map .edge.dashed{stroke-dasharray:5 4}
.pipeline-map .arrow{fill:var(--muted)}
.pipeline-map .arrow.red{fill:var(--path)}
.pipeline-map .bar.anyone{fill:var(--anyone)}.pipeline-map .bar.contributor{fill:var(--contributor)}.pipeline-map .bar.maintainer{fill:var(--maintainer)}.pipeline-map .bar.other{fill:var(--other)}
.pipeline-map .faded{opacity:.12}
`;

const markers = ['arrow', 'arrow red']
  .map(
    (name) =>
      `<marker id="${name.replace(' ', '-')}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path class="${name}" d="M0 0 8 4 0 8z"/></marker>`,
  )
  .join('');

/** Who, in colour and word. */
function legend(): string {
  const entries = [
    ['anyone', 'anyone can start it'],
    ['contributor', 'who may push a branch'],
    ['maintainer', 'who may merge or release'],
    ['other', 'a clock or another run'],
  ] as const;
  let x = 24;
  const parts = entries.map(([name, words]) => {
    const part = `<rect class="bar ${name}" x="${x}" y="18" width="5" height="16" rx="2"/><text class="detail" x="${x + 11}" y="30">${words}</text>`;
    x += 34 + words.length * 6;
    return part;
  });
  const path = `<path class="edge on-path" d="M${x} 26H${x + 34}" marker-end="url(#arrow-red)"/><text class="detail" x="${x + 42}" y="30">shortest way of an outsider</text>`;
  return `<g>${parts.join('')}${path}</g>`;
}

function printBand({ path, x, y, width, height }: Band): string {
  return `<g><rect class="band" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/><text class="path-name" x="${x + 12}" y="${y + 19}">${escapeXml(cut(path, width - 24, 'start'))}</text></g>`;
}

function printNode({ node, x, y, width, height }: PlacedNode, isOnPath: boolean): string {
  const detail = detailOf(node);
  const room = width - 24;
  const keep = node.kind === 'image' || node.kind === 'workload' ? 'start' : 'end';
  const label = escapeXml(cut(node.label, room, keep));
  const title = [
    node.label,
    ...Object.entries(node.facts).map(([key, value]) => `${key}: ${value}`),
    node.location === undefined ? '' : formatLocation(node.location),
  ]
    .filter((line) => line !== '')
    .join('\n');
  const who =
    node.actor === undefined
      ? ''
      : `<rect class="bar ${node.actor === 'schedule' || node.actor === 'system' ? 'other' : node.actor}" x="${x}" y="${y}" width="5" height="${height}" rx="2"/>`;
  const lines =
    detail === ''
      ? `<text x="${x + 14}" y="${y + height / 2 + 4.5}">${label}</text>`
      : `<text x="${x + 14}" y="${y + 18}">${label}</text><text class="detail" x="${x + 14}" y="${y + 33}">${escapeXml(cutDetail(detail, room))}</text>`;
  const shape = node.kind === 'secret' || node.kind === 'identity' ? 20 : node.kind === 'workload' ? 2 : 7;
  return `<g class="node${isOnPath ? ' on-path' : ''}" data-id="${escapeXml(node.id)}"><title>${escapeXml(title)}</title><rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="${shape}"/>${who}${lines}</g>`;
}

function detailOf({ kind, facts }: MapNode): string {
  switch (kind) {
    case 'actor':
      return facts['means'] ?? '';
    case 'trigger':
      return facts['rights'] ?? (facts['folder'] === undefined ? '' : `applies ${facts['folder']}`);
    case 'job':
      return [facts['runner'], facts['permissions'] === undefined ? undefined : `token: ${facts['permissions']}`]
        .filter((part) => part !== undefined)
        .join(' · ');
    case 'step':
      return facts['does'] ?? '';
    case 'secret':
      return facts['source'] === 'token'
        ? 'token of the job'
        : `secret${facts['source'] === 'context' ? ' (context)' : facts['source'] === 'variable-group' ? ' (variable group)' : ''}`;
    case 'identity':
      return 'identity for clouds (OIDC)';
    case 'environment':
      return 'environment';
    case 'runner':
      return 'machine of your own';
    case 'artifact':
      return 'artifact';
    case 'cache':
      return 'cache';
    default:
      return '';
  }
}

function printEdge(edge: MapEdge, layout: MapLayout, isOnPath: boolean): string {
  const from = layout.nodes.get(edge.from);
  const to = layout.nodes.get(edge.to);
  if (from === undefined || to === undefined) return '';
  const y1 = from.y + from.height / 2;
  const y2 = to.y + to.height / 2;
  const isBack = to.x < from.x;
  const isSame = to.x === from.x;
  const x1 = isBack || isSame ? from.x : from.x + from.width;
  const x2 = isBack ? to.x + to.width : to.x;
  const bend = isSame ? Math.min(60, 20 + Math.abs(y2 - y1) / 8) : Math.max(30, Math.abs(x2 - x1) / 2);
  const curve = isSame
    ? `C${x1 - bend} ${y1} ${x2 - bend} ${y2}`
    : isBack
      ? `C${x1 - bend} ${y1} ${x2 + bend} ${y2}`
      : `C${x1 + bend} ${y1} ${x2 - bend} ${y2}`;
  const actor = from.node.actor;
  const who = actor === undefined || actor === 'schedule' || actor === 'system' ? '' : ` ${actor}`;
  const dashed = isBack || isSame ? ' dashed' : '';
  const place = edge.location === undefined ? '' : `\n${formatLocation(edge.location)}`;
  const title = `${from.node.label} ${edge.kind} ${to.node.label}${place}`;
  return `<path class="edge${who}${dashed}${isOnPath ? ' on-path' : ''}" data-from="${escapeXml(edge.from)}" data-to="${escapeXml(edge.to)}" d="M${x1} ${y1}${curve} ${x2} ${y2}" marker-end="url(#${isOnPath ? 'arrow-red' : 'arrow'})"><title>${escapeXml(title)}</title></path>`;
}

/** Cut to a width, at about 7.3 pixels a character of this size. */
function cut(text: string, width: number, where: 'start' | 'end'): string {
  const room = Math.floor(width / 7.3);
  if (text.length <= room) return text;
  return where === 'start' ? `…${text.slice(text.length - room + 1)}` : `${text.slice(0, room - 1)}…`;
}

function cutDetail(text: string, width: number): string {
  const room = Math.floor(width / 6.1);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}
