// SPDX-License-Identifier: Apache-2.0
// Small charts (test/e2e/helm-charts) rendered by the real Helm and by our own renderer: the same objects, and refusals for the same reason. Run by `npm run e2e`
// only; skipped with a reason where Go is missing.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/formats/document.ts';
import { asObject } from '../../src/formats/document.ts';
import type { ChartFile, ChartReading } from '../../src/formats/helm/chart.ts';
import { chartFolders, readChart } from '../../src/formats/helm/chart.ts';
import { differencesOf, helmTemplate } from '../support/helm-comparison.ts';
import type { Helm } from '../support/helm-program.ts';
import { helmProgram, openHelm } from '../support/helm-program.ts';

const isWanted = process.env['LANDWAITER_E2E'] === '1';
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const program = isWanted ? await helmProgram(say) : undefined;
if (program?.kind === 'missing') say(`test/e2e/helm-charts.test.ts is skipped: ${program.reason}`);
const isFourth = program?.kind === 'built' && program.version.startsWith('v4.');
if (program?.kind === 'built' && !isFourth)
  say('test/e2e/helm-charts.test.ts is skipped: charts are rendered as Helm 4 does it');
const path = isFourth ? program.path : '';
const source = fileURLToPath(new URL('helm-charts', import.meta.url));
const release = { name: 'rel', namespace: 'space' };

interface Sample {
  readonly name: string;
  readonly files: readonly ChartFile[];
  readonly values: JsonObject;
  /** Part of the message, where Helm refuses. */
  readonly refusal: string | undefined;
}

/** One file holds a whole chart: `=== PATH` begins each of its files. */
function sampleOf(name: string): Sample {
  const parts = readFileSync(join(source, name), 'utf8').split(/^=== (.+)\n/m);
  const all = new Map<string, string>();
  for (let at = 1; at < parts.length; at += 2) all.set(parts[at] ?? '', parts[at + 1] ?? '');
  const refusal = all.get('refusal')?.trim();
  const values = JSON.parse(all.get('given.json') ?? '{}') as JsonObject;
  const files = [...all].flatMap(([file, text]) =>
    file === 'refusal' || file === 'given.json' ? [] : [{ path: file, text }],
  );
  return { name: name.replace('.chart', ''), files, values, refusal };
}

const samples = readdirSync(source)
  .filter((name) => name.endsWith('.chart'))
  .sort()
  .map(sampleOf);

describe.skipIf(path === '')('charts with the real Helm', { timeout: 60_000 }, () => {
  let helm: Helm;
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'landwaiter-e2e-charts-'));
    helm = openHelm(path);
    for (const { name, files } of samples) write(join(folder, name), files);
  });
  afterAll(() => {
    helm?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ours = ({ files, values }: Sample): readonly ChartReading[] =>
    chartFolders(files.map((file) => file.path)).map((chart) =>
      readChart(chart, files, { values, release, files: 'all' }),
    );
  const theirs = ({ name, values }: Sample): ReturnType<typeof helmTemplate> =>
    helmTemplate(helm, { chart: join(folder, name), values, release, folder });

  test.each(samples.filter(({ refusal }) => refusal === undefined))('$name: the same objects', async (sample) => {
    const rendered = await theirs(sample);
    const readings = ours(sample);

    if (rendered.kind === 'refused') throw new Error(rendered.message);
    const objects = readings.flatMap(({ resources }) => resources.map(({ object }) => object));
    expect(differencesOf(rendered.objects, objects)).toEqual([]);
    expect(readings.flatMap(({ problems }) => problems)).toEqual([]);
    expect(rendered.objects.length).toBeGreaterThan(0);
  });

  test.each(samples.filter(({ refusal }) => refusal !== undefined))('$name: refused by both', async (sample) => {
    const rendered = await theirs(sample);
    const refusals = ours(sample).flatMap((reading) => reading.refusals);

    expect(rendered.kind === 'refused' ? rendered.message : 'not refused').toContain(sample.refusal);
    expect(rendered.kind).toBe('refused');
    expect(refusals.join('\n')).toContain(sample.refusal);
    expect(refusals).not.toEqual([]);
  });

  test('expressions: the same text, or refused by both', { timeout: 180_000 }, async () => {
    const expressions = readFileSync(join(source, 'expressions.txt'), 'utf8').trim().split('\n');
    const differences: string[] = [];
    for (const [index, expression] of expressions.entries()) {
      const files = expressionChart(expression);
      const chart = join(folder, `expression-${index}`);
      write(chart, files);
      const rendered = await helmTemplate(helm, { chart, values: {}, release, folder });
      const { resources, refusals } = readChart('', files, { release, files: 'all' });
      const own = refusals.length > 0 ? 'refused' : dataOf(resources.map(({ object }) => object));
      const other = rendered.kind === 'refused' ? 'refused' : dataOf(rendered.objects);
      if (own !== other) differences.push(`${expression}\n  Helm: ${other}\n  ours: ${own}`);
    }

    expect(differences).toEqual([]);
    say(`expressions: ${expressions.length} compared`);
  });

  test.each([7, 20, 99])('values of any kind are written as Helm writes them (seed %i)', async (seed) => {
    const list = fc.sample(anyValue, { numRuns: 400, seed });
    const chart = join(folder, `any-${seed}`);
    write(chart, anyValueChart);

    const rendered = await helmTemplate(helm, { chart, values: { list }, release, folder });
    const { resources, problems } = readChart('', anyValueChart, { values: { list }, release, files: 'all' });

    if (rendered.kind === 'refused') throw new Error(rendered.message);
    expect(problems).toEqual([]);
    expect(
      differencesOf(
        rendered.objects,
        resources.map(({ object }) => object),
      ),
    ).toEqual([]);
  });

  test.each([
    {},
    { ingress: { enabled: true, className: 'nginx', tls: [{ secretName: 'tls', hosts: ['a.example'] }] } },
    { autoscaling: { enabled: true, targetMemoryUtilizationPercentage: 70 }, replicaCount: 5 },
    {
      httpRoute: { enabled: true },
      serviceAccount: { create: false },
      nameOverride: 'other',
      volumes: [{ name: 'v' }],
    },
    {
      fullnameOverride: 'whole',
      podAnnotations: { a: '1' },
      podLabels: { b: 'c' },
      securityContext: { runAsUser: 1000 },
    },
  ])('the chart that Helm itself begins with: %j', async (values) => {
    const chart = join(folder, 'created');
    rmSync(chart, { recursive: true, force: true });
    expect(await helm.run('create', chart)).toMatchObject({ status: 0 });
    const files = readdirSync(chart, { recursive: true, encoding: 'utf8' })
      .filter((name) => !statSync(join(chart, name)).isDirectory())
      .map((name) => ({ path: name, text: readFileSync(join(chart, name), 'utf8') }));

    const rendered = await helmTemplate(helm, { chart, values, release, folder, words: ['--skip-tests'] });
    const { resources, problems } = readChart('', files, { values, release, files: 'all' });

    if (rendered.kind === 'refused') throw new Error(rendered.message);
    expect(problems).toEqual([]);
    expect(
      differencesOf(
        rendered.objects,
        resources.map(({ object }) => object),
      ),
    ).toEqual([]);
  });
});

function write(folder: string, files: readonly ChartFile[]): void {
  for (const file of files) {
    const place = join(folder, file.path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, file.text);
  }
}

/** Signs that mean something to YAML, parted by broken bars. */
const signs = `a¦B¦1¦0¦ ¦\n¦\r¦\t¦: ¦:¦-¦- ¦#¦ #¦"¦'¦\\¦{¦}¦[¦,¦&¦*¦!¦|¦>¦%¦@¦?¦~¦.¦_¦+¦e¦x¦é¦日¦😀¦yes¦null¦=¦<¦/¦\u00a0¦\u0007¦0x1¦12:30¦2024-01-01¦inf¦word word word word word word `;
const anyText = fc.string({ maxLength: 9, unit: fc.constantFrom(...signs.split('¦'), '`') });
const { tree: anyValue } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    anyText,
    fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(anyText, tie('tree'), { maxKeys: 4 }),
  ),
}));
const anyValueChart: readonly ChartFile[] = [
  { path: 'Chart.yaml', text: 'apiVersion: v2\nname: c\nversion: 1.0.0\n' },
  {
    path: 'templates/a.yaml',
    text: `apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data:
  {{- range $i, $v := .Values.list }}
  yaml{{ $i }}: {{ toYaml $v | toJson }}
  print{{ $i }}: {{ print $v | toJson }}
  quote{{ $i }}: {{ quote $v | toJson }}
  json{{ $i }}: {{ toJson $v | toJson }}
  {{- end }}
`,
  },
];

function expressionChart(expression: string): readonly ChartFile[] {
  return [
    { path: 'Chart.yaml', text: 'apiVersion: v2\nname: c\nversion: 1.0.0\n' },
    {
      path: 'values.yaml',
      text: 's: hello world\nn: 5\nf: 1.5\nl: [1, a, null, { x: 1 }]\nm: { a: 1, b: { c: x } }\nt: true\ne: ""\n',
    },
    { path: 'expression.txt', text: expression },
    {
      path: 'templates/a.yaml',
      text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  a: {{ tpl (.Files.Get "expression.txt") . | toJson }}\n',
    },
  ];
}

function dataOf([object]: readonly JsonObject[]): string {
  return JSON.stringify(asObject(object?.['data'])?.['a']);
}
