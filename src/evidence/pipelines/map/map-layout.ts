// SPDX-License-Identifier: Apache-2.0
// Where everything of the map stands in the picture: layers from left (who) to right (what runs), one band for each pipeline, and what pipelines share beside
// the bands, near to what leads to it. Sizes in pixels.
import type { MapEdge, MapNode, MapNodeKind, PipelineMap } from './pipeline-map.ts';

export interface PlacedNode {
  readonly node: MapNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Band {
  readonly path: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface MapLayout {
  readonly nodes: ReadonlyMap<string, PlacedNode>;
  readonly edges: readonly MapEdge[];
  readonly bands: readonly Band[];
  readonly titles: readonly { readonly text: string; readonly x: number }[];
  readonly width: number;
  readonly height: number;
  /** Steps that were left out because there are too many. */
  readonly leftOut: number;
}

const layerOf: Readonly<Record<MapNodeKind, number>> = {
  actor: 0,
  trigger: 1,
  job: 2,
  step: 3,
  secret: 4,
  identity: 4,
  environment: 4,
  runner: 4,
  artifact: 4,
  cache: 4,
  image: 5,
  workload: 6,
};

const layerTitles = ['Who', 'Trigger', 'Job', 'Step', 'Reaches', 'Image', 'Runs'];
const layerWidths = [200, 190, 236, 236, 236, 262, 236];
const gap = 74;
const nodeHeight = 42;
const rowHeight = 54;
const bandHeader = 30;
const bandPadding = 10;
const top = 86;
const side = 24;
/** More steps than this make a picture that nobody reads. */
const mostSteps = 150;

export function layoutMap(map: PipelineMap, important: ReadonlySet<string>): MapLayout {
  const steps = map.nodes.filter(({ kind }) => kind === 'step');
  const kept = new Set(
    steps.toSorted((a, b) => Number(important.has(b.id)) - Number(important.has(a.id))).slice(0, mostSteps),
  );
  const nodes = map.nodes.filter((node) => node.kind !== 'step' || kept.has(node));
  const used = layerTitles.map((_, layer) => nodes.some(({ kind }) => layerOf[kind] === layer));
  const xs: number[] = [];
  let x = side;
  for (const [layer, isUsed] of used.entries()) {
    xs.push(x);
    if (isUsed) x += (layerWidths[layer] ?? 0) + gap;
  }
  const placed = new Map<string, PlacedNode>();
  const bands = placeBands(nodes, { xs, placed });
  for (const layer of [4, 5, 6, 0])
    placeShared(
      nodes.filter(
        ({ kind, pipeline }) => layerOf[kind] === layer && (layer === 0 || pipeline === undefined || layer > 3),
      ),
      { map, layer, xs, placed },
    );
  const all = [...placed.values()];
  const edges = map.edges.filter(({ from, to }) => placed.has(from) && placed.has(to));
  return {
    nodes: placed,
    edges,
    bands,
    titles: layerTitles.flatMap((text, layer) => (used[layer] === true ? [{ text, x: xs[layer] ?? 0 }] : [])),
    width: Math.max(720, x - gap + side),
    height: Math.max(200, ...all.map(({ y }) => y + nodeHeight), ...bands.map(({ y, height }) => y + height)) + side,
    leftOut: steps.length - kept.size,
  };
}

interface Placing {
  readonly xs: readonly number[];
  readonly placed: Map<string, PlacedNode>;
}

/** Bands in the order of who can start them, the least trusted on top. */
function placeBands(nodes: readonly MapNode[], { xs, placed }: Placing): readonly Band[] {
  const inBand = nodes.filter(({ kind }) => layerOf[kind] >= 1 && layerOf[kind] <= 3);
  const groups = [...Map.groupBy(inBand, ({ pipeline }) => pipeline ?? '').entries()].toSorted(
    ([a, first], [b, second]) => rank(first) - rank(second) || (a < b ? -1 : 1),
  );
  const bands: Band[] = [];
  let y = top;
  for (const [path, group] of groups) {
    const jobs = group.filter(({ kind }) => kind === 'job');
    const stepRows = new Map<string, number>();
    let row = 0;
    // A job stands beside its first step; the next job begins below its last.
    for (const job of jobs) {
      stepRows.set(job.id, row);
      const own = group.filter(
        ({ kind, id }) => kind === 'step' && id.startsWith(`step:${job.id.slice('job:'.length)}:`),
      );
      for (const [index, step] of own.entries()) put(step, row + index);
      put(job, row);
      row += Math.max(1, own.length);
    }
    const triggers = group.filter(({ kind }) => kind === 'trigger');
    for (const [index, trigger] of triggers.entries()) put(trigger, index);
    const rows = Math.max(1, row, triggers.length);
    const height = bandHeader + rows * rowHeight + bandPadding - (rowHeight - nodeHeight);
    const left = (xs[1] ?? 0) - 14;
    const right = (xs[3] ?? 0) + (nodes.some(({ kind }) => kind === 'step') ? (layerWidths[3] ?? 0) : -gap) + 14;
    bands.push({ path, x: left, y, width: right - left, height });
    y += height + 22;
    function put(node: MapNode, at: number): void {
      const layer = layerOf[node.kind];
      placed.set(node.id, {
        node,
        x: xs[layer] ?? 0,
        y: y + bandHeader + at * rowHeight,
        width: layerWidths[layer] ?? 200,
        height: nodeHeight,
      });
    }
  }
  return bands;
}

const actorOrder = ['anyone', 'contributor', 'maintainer', 'schedule', 'system'];

function rank(group: readonly MapNode[]): number {
  return Math.min(...group.map(({ actor }) => (actor === undefined ? 9 : actorOrder.indexOf(actor))));
}

interface SharedPlacing extends Placing {
  readonly map: PipelineMap;
  readonly layer: number;
}

/** As near as possible to the middle of what is joined to it, in that order, without overlapping. */
function placeShared(nodes: readonly MapNode[], { map, layer, xs, placed }: SharedPlacing): void {
  const wanted = nodes.map((node) => {
    const near = map.edges.flatMap(({ from, to }) =>
      to === node.id ? (placed.get(from)?.y ?? []) : from === node.id ? (placed.get(to)?.y ?? []) : [],
    );
    return { node, y: near.length === 0 ? top + bandHeader : near.reduce((sum, y) => sum + y, 0) / near.length };
  });
  let free = top + bandHeader;
  for (const { node, y } of wanted.toSorted((a, b) => a.y - b.y || (a.node.id < b.node.id ? -1 : 1))) {
    const at = Math.max(free, y);
    placed.set(node.id, { node, x: xs[layer] ?? 0, y: at, width: layerWidths[layer] ?? 200, height: nodeHeight });
    free = at + rowHeight;
  }
}
