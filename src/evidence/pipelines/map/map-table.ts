// SPDX-License-Identifier: Apache-2.0
// The map for a terminal: the paths of an outsider first, then one line for each job with what starts it and what it reaches.
import { layoutTable, printable } from '../../../formats/text-table.ts';
import { formatLocation } from '../../../model/location.ts';
import type { OutsiderPath } from './outsider-paths.ts';
import type { MapNode, PipelineMap } from './pipeline-map.ts';

const mostPaths = 10;

export function printMapTable(map: PipelineMap, paths: readonly OutsiderPath[], width: number | undefined): string {
  const lines = [...printPaths(paths), '', ...printJobs(map, width)];
  return `${lines.join('\n')}\n`;
}

/** Paths as numbered lists. */
export function printPaths(paths: readonly OutsiderPath[]): readonly string[] {
  if (paths.length === 0) return ['No path from an outsider to a secret or to production was found.'];
  const lines = [
    `${paths.length} ${paths.length === 1 ? 'path' : 'paths'} from an outsider to a secret or to production`,
  ];
  for (const path of paths.slice(0, mostPaths)) {
    lines.push(
      '',
      `  ${path.kind}: ${printable(path.label)}${path.guard === undefined ? '' : `   (if nothing stops it: ${printable(path.guard)})`}`,
    );
    for (const [index, step] of path.steps.entries()) {
      const place =
        step.location === undefined
          ? ''
          : `   ${formatLocation({ path: step.location.path, ...(step.location.line === undefined ? {} : { line: step.location.line }) })}`;
      lines.push(`    ${index + 1}. ${printable(step.text)}${place}`);
    }
  }
  if (paths.length > mostPaths) lines.push('', `  and ${paths.length - mostPaths} more (--format json shows all)`);
  return lines;
}

export const jobColumns = ['WHO', 'TRIGGER', 'JOB', 'RUNNER', 'REACHES', 'WHERE'] as const;

/** A row for each job, in the order of `jobColumns`. */
export function jobRows(map: PipelineMap): readonly (readonly string[])[] {
  const nodes = new Map(map.nodes.map((node) => [node.id, node]));
  return map.nodes.filter(({ kind }) => kind === 'job').map((job) => rowOf(job, map, nodes));
}

function printJobs(map: PipelineMap, width: number | undefined): readonly string[] {
  const rows = jobRows(map);
  const columns = jobColumns.map((title) =>
    title === 'WHO' ? { title } : { title, shrink: title === 'WHERE' ? ('middle' as const) : ('end' as const) },
  );
  return rows.length === 0 ? ['No jobs.'] : layoutTable(columns, rows, width);
}

function rowOf(job: MapNode, map: PipelineMap, nodes: ReadonlyMap<string, MapNode>): readonly string[] {
  const labels = (list: readonly string[]): string => [...new Set(list)].join(', ');
  const triggers = map.edges
    .filter(({ to, kind }) => to === job.id && kind === 'starts')
    .flatMap(({ from }) => nodes.get(from)?.label ?? []);
  const steps = new Set([
    job.id,
    ...map.edges.filter(({ from, kind }) => from === job.id && kind === 'runs').map(({ to }) => to),
  ]);
  const reached = map.edges
    .filter(
      ({ from, kind }) => steps.has(from) && ['reads', 'signs in as', 'enters', 'pushes', 'deploys'].includes(kind),
    )
    .flatMap(({ to, kind }) => {
      const label = nodes.get(to)?.label;
      return label === undefined
        ? []
        : [kind === 'pushes' ? `pushes ${label}` : kind === 'deploys' ? `deploys ${label}` : label];
    });
  const place = job.location === undefined ? '' : `${job.location.path}:${job.location.line ?? 1}`;
  return [job.actor ?? '-', labels(triggers), job.label, job.facts['runner'] ?? '', labels(reached) || '-', place];
}
