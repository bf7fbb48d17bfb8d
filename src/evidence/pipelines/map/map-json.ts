// SPDX-License-Identifier: Apache-2.0
// The map as JSON, schema `landwaiter.pipeline-map/v1` (docs/pipelines.md): nodes, edges and paths, each with its place.
import type { OutsiderPath } from './outsider-paths.ts';
import type { PipelineMap } from './pipeline-map.ts';

export function printMapJson(map: PipelineMap, paths: readonly OutsiderPath[]): string {
  const document = {
    schema: 'landwaiter.pipeline-map/v1',
    nodes: map.nodes,
    edges: map.edges,
    paths: paths.map(({ nodes, ...path }) => ({ ...path, through: nodes })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
