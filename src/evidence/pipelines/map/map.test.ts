// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseXml } from '../../../formats/xml.ts';
import { readPipelines } from '../audit.ts';
import { manifestResources } from '../manifest-resources.ts';
import type { PipelineFile } from '../pipeline.ts';
import { PipelineSet } from '../pipeline-set.ts';
import { buildPipelineMap } from './build-map.ts';
import { printMapHtml } from './map-html.ts';
import { printMapJson } from './map-json.ts';
import { layoutMap } from './map-layout.ts';
import { printMapSvg } from './map-svg.ts';
import { printMapTable } from './map-table.ts';
import type { OutsiderPath } from './outsider-paths.ts';
import { outsiderPaths } from './outsider-paths.ts';
import type { PipelineMap } from './pipeline-map.ts';

function mapOf(files: Readonly<Record<string, string>>): {
  readonly map: PipelineMap;
  readonly paths: readonly OutsiderPath[];
} {
  const list: PipelineFile[] = Object.entries(files).map(([path, text]) => ({ path, text }));
  const map = buildPipelineMap(new PipelineSet(readPipelines(list).pipelines), manifestResources(list));
  return { map, paths: outsiderPaths(map) };
}

const preview = `on: pull_request_target
jobs:
  preview:
    runs-on: ubuntu-latest
    env: {HOST: registry.example.com}
    steps:
      - uses: actions/checkout@v4
        with: {ref: "\${{ github.event.pull_request.head.sha }}"}
      - run: npm ci
        env: {TOKEN: "\${{ secrets.NPM_TOKEN }}"}
      - run: docker push $HOST/shop/checkout:latest
`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: checkout, namespace: shop}
spec:
  template:
    spec:
      containers: [{name: app, image: "registry.example.com/shop/checkout:1.4"}]
`;

describe('the way of an outsider', () => {
  it('leads over proposed sources to a secret, and over an image to what runs, each step with its place', () => {
    const { paths } = mapOf({ '.github/workflows/preview.yml': preview, 'deploy/app.yaml': deployment });

    const words = paths.map(({ kind, label, steps }) => [
      kind,
      label,
      ...steps.map(({ text, location }) => `${text} ${location?.path.split('/').at(-1)}:${location?.line}`),
    ]);
    expect(words).toEqual([
      [
        'production',
        'Deployment shop/checkout',
        'anyone opens a pull request (pull_request_target) preview.yml:1',
        'job preview starts, with the secrets of the repository preview.yml:3',
        'actions/checkout@v4 brings the sources of the pull request preview.yml:7',
        'npm does what those sources say preview.yml:9',
        'the step pushes registry.example.com/shop/checkout:latest preview.yml:11',
        'Deployment shop/checkout runs an image of that repository app.yaml:7',
      ],
      [
        'secret',
        'NPM_TOKEN',
        'anyone opens a pull request (pull_request_target) preview.yml:1',
        'job preview starts, with the secrets of the repository preview.yml:3',
        'actions/checkout@v4 brings the sources of the pull request preview.yml:7',
        'npm does what those sources say preview.yml:9',
        'the job has NPM_TOKEN preview.yml:10',
      ],
    ]);
  });

  it('ends where a run has no secrets, and where nobody else decides what runs', () => {
    const withoutSecrets = mapOf({ '.github/workflows/a.yml': preview.replace('pull_request_target', 'pull_request') });
    const withoutCheckout = mapOf({ '.github/workflows/a.yml': preview.replace('with: {ref', 'with: {path') });

    expect(withoutSecrets.paths.filter(({ kind }) => kind === 'secret')).toEqual([]);
    expect(withoutCheckout.paths).toEqual([]);
  });

  it('leaves out jobs and steps that never run for the event', () => {
    const job = mapOf({
      '.github/workflows/a.yml': preview.replace('  preview:\n', "  preview:\n    if: github.event_name == 'push'\n"),
    });
    const step = mapOf({
      '.github/workflows/a.yml': preview.replace(
        '      - run: npm ci\n',
        "      - run: make\n      - if: github.event_name == 'push'\n        run: npm ci\n",
      ),
    });

    expect(job.paths).toEqual([]);
    expect(step.paths.filter(({ kind }) => kind === 'secret')).toEqual([]);
  });

  it('follows composite actions of the tree', () => {
    const { paths } = mapOf({
      '.github/workflows/a.yml':
        'on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./.github/actions/build\n        with: {token: "${{ secrets.TOKEN }}"}\n',
      '.github/actions/build/action.yml':
        'runs:\n  using: composite\n  steps:\n    - run: echo "${{ github.head_ref }}"\n      shell: bash\n',
    });

    expect(paths.map(({ label, steps }) => [label, steps[2]?.location?.path])).toEqual([
      ['TOKEN', '.github/actions/build/action.yml'],
    ]);
  });

  it('goes on over artifacts that a run with secrets takes, and names what may stop it', () => {
    const { paths } = mapOf({
      '.github/workflows/ci.yml':
        'name: CI\non: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n      - uses: actions/upload-artifact@v4\n        with: {name: site}\n',
      '.github/workflows/publish.yml':
        'on: {workflow_run: {workflows: [CI]}}\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    environment: pages\n    steps:\n      - uses: actions/download-artifact@v4\n        with: {name: site}\n      - run: ./publish\n        env: {KEY: "${{ secrets.PAGES_KEY }}"}\n',
    });

    expect(paths.map(({ label, guard }) => [label, guard])).toEqual([
      ['PAGES_KEY', 'environment pages wants approval'],
    ]);
    expect(paths[0]?.steps.map(({ text }) => text)).toContain('what they wrote goes into the artifact site');
  });

  it('goes over a machine that remembers', () => {
    const { paths } = mapOf({
      '.github/workflows/ci.yml':
        'on: [pull_request, push]\njobs:\n  test:\n    runs-on: [self-hosted]\n    steps: [{run: make test}]\n',
      '.github/workflows/ship.yml':
        'on: push\njobs:\n  ship:\n    runs-on: [self-hosted]\n    steps: [{run: ./ship, env: {KEY: "${{ secrets.SHIP_KEY }}"}}]\n',
    });

    expect(
      paths.map(({ label, steps }) => [
        label,
        steps.map(({ text }) => text).includes('job ship runs on the same machine'),
      ]),
    ).toEqual([['SHIP_KEY', true]]);
  });
});

describe('images', () => {
  it('are joined to workloads over the names that docker/metadata-action computes', () => {
    const { map } = mapOf({
      '.github/workflows/a.yml':
        'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - id: meta\n        uses: docker/metadata-action@v5\n        with:\n          images: |\n            registry.example.com/shop/checkout\n      - uses: docker/build-push-action@v6\n        with: {push: true, tags: "${{ steps.meta.outputs.tags }}"}\n',
      'deploy/app.yaml': deployment,
    });

    expect(
      map.edges.filter(({ kind }) => kind === 'pushes' || kind === 'runs as').map(({ kind, to }) => `${kind} ${to}`),
    ).toEqual([
      'pushes image:registry.example.com/shop/checkout',
      'runs as workload:deploy/app.yaml:Deployment:shop/checkout',
    ]);
  });
});

describe('the picture', () => {
  const { map, paths } = mapOf({ '.github/workflows/preview.yml': preview, 'deploy/app.yaml': deployment });

  it('has no two boxes on one place', () => {
    const boxes = [...layoutMap(map, new Set()).nodes.values()];
    const overlapping = boxes.flatMap((a, index) =>
      boxes
        .slice(index + 1)
        .filter((b) => a.x === b.x && Math.abs(a.y - b.y) < a.height)
        .map((b) => `${a.node.id} ${b.node.id}`),
    );

    expect(overlapping).toEqual([]);
  });

  it('is well-formed and names nothing outside of it', () => {
    const svg = printMapSvg(map, paths);
    const html = printMapHtml(map, paths, 'dir:<b>shop</b>');

    expect(parseXml(svg, 'map.svg').problems).toEqual([]);
    expect(html).not.toMatch(/<b>shop|(?:src|href)=/);
    expect(svg.match(/https?:\/\/[^"' <]+/g)).toEqual(['http://www.w3.org/2000/svg']);
  });

  it('escapes what files name', () => {
    const hostile = mapOf({
      '.github/workflows/a.yml':
        'on: push\njobs:\n  a:\n    name: "</svg><script>alert(1)</script>"\n    runs-on: x\n    steps: [{run: make}]\n',
    });

    expect(printMapSvg(hostile.map, [])).not.toContain('<script>');
  });
});

describe('the other forms', () => {
  const { map, paths } = mapOf({
    '.github/workflows/preview.yml': preview,
    '.gitlab-ci.yml': 'a:\n  tags: [own]\n  cache: {key: x}\n  script: [kubectl apply -f x]\n',
  });

  it('have every node, edge and path in JSON', () => {
    const document = JSON.parse(printMapJson(map, paths)) as {
      schema: string;
      nodes: unknown[];
      edges: { from: string; to: string }[];
      paths: { steps: unknown[] }[];
    };
    const ids = new Set(map.nodes.map(({ id }) => id));

    const schema = JSON.parse(
      readFileSync(new URL('../../../../docs/schema/pipeline-map.schema.json', import.meta.url), 'utf8'),
    ) as object;
    const validate = new Ajv2020().compile(schema);
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(document.nodes).toHaveLength(map.nodes.length);
    expect(document.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
    expect(document.paths[0]?.steps.length).toBeGreaterThan(3);
  });

  it('list the paths first on the screen', () => {
    const table = printMapTable(map, paths, 160);

    expect(table.split('\n')[0]).toBe('1 path from an outsider to a secret or to production');
    expect(table).toContain('1. anyone opens a pull request (pull_request_target)   .github/workflows/preview.yml:1');
  });
});
