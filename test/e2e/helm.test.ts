// SPDX-License-Identifier: Apache-2.0
// Our chart with the real Helm: what it renders is what our own renderer gives, what its schema refuses is refused. Run by `npm run e2e` only; skipped with a
// reason where Go is missing. The first run builds Helm, which takes minutes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chartFolder, renderChart } from '../../scripts/chart-manifests.ts';
import { chartValues, refusedChartValues } from '../support/chart-values.ts';
import { differencesOf, helmTemplate, valuesFile } from '../support/helm-comparison.ts';
import type { Helm } from '../support/helm-program.ts';
import { helmProgram, openHelm } from '../support/helm-program.ts';

const isWanted = process.env['LANDWAITER_E2E'] === '1';
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const program = isWanted ? await helmProgram(say) : undefined;
if (program?.kind === 'missing') say(`test/e2e/helm.test.ts is skipped: ${program.reason}`);
const path = program?.kind === 'built' ? program.path : '';
const chart = resolve(chartFolder);
const release = { name: 'landwaiter', namespace: 'landwaiter-system' };

describe.skipIf(path === '')('our chart with the real Helm', { timeout: 60_000 }, () => {
  let helm: Helm;
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'landwaiter-e2e-helm-'));
    helm = openHelm(path);
  });
  afterAll(() => {
    helm?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(Object.entries(chartValues))('renders as our own renderer does: %s', async (_, values) => {
    const theirs = await helmTemplate(helm, { chart, values, release, folder });
    const ours = renderChart(values);

    if (theirs.kind === 'refused') throw new Error(theirs.message);
    expect(ours.problems).toEqual([]);
    expect(
      differencesOf(
        theirs.objects,
        ours.resources.map(({ object }) => object),
      ),
    ).toEqual([]);
    expect(theirs.objects.length).toBeGreaterThan(5);
  });

  test.each(Object.entries(chartValues))('has nothing to be said by helm lint: %s', async (_, values) => {
    const run = await helm.run('lint', chart, '--strict', '--quiet', '--values', valuesFile(folder, values));

    expect([run.status, run.stdout, run.stderr]).toEqual([0, '', '']);
  });

  test.each(Object.entries(refusedChartValues))('refuses %s, as the schema does for us', async (_, values) => {
    const run = await helm.run('template', 'landwaiter', chart, '--values', valuesFile(folder, values));
    const [refusal] = renderChart(values).refusals;
    const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as object;
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

    expect(run.status).not.toBe(0);
    expect(run.stderr).toContain("values don't meet the specifications of the schema");
    expect(refusal).toContain("values don't meet the specifications of the schema");
    expect(validate(values)).toBe(false);
  });
});
