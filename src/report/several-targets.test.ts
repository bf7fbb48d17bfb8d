// SPDX-License-Identifier: Apache-2.0
// Reports on several targets in one, and what they say about images.
import { describe, expect, it } from 'vitest';
import { combinedView, imageView } from '../../test/support/image-report-view.ts';
import { hostileName, plainOptions } from '../../test/support/report-view.ts';
import { html } from './html.ts';
import { reports } from './index.ts';
import { json } from './json.ts';
import type { CombinedView, Report } from './report.ts';
import { sarif } from './sarif.ts';
import { table } from './table.ts';

const all = combinedView();

function written(report: Report, view: CombinedView = all): string {
  return report.writeAll?.(view, plainOptions) ?? '';
}

interface SarifRun {
  readonly results: readonly { readonly ruleId: string }[];
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
  }[];
}

function runsOf(view: CombinedView): readonly SarifRun[] {
  return (JSON.parse(written(sarif, view)) as { readonly runs: readonly SarifRun[] }).runs;
}

describe('reports on several targets', () => {
  it('are those of table, json, sarif and html', async () => {
    const loaded = await Promise.all(
      reports.filter(({ commands }) => commands.includes('scan')).map((entry) => entry.load()),
    );

    const able = loaded.filter((report) => report.writeAll !== undefined).map(({ id }) => id);
    expect(able.toSorted()).toEqual(['html', 'json', 'sarif', 'table']);
  });

  it.each([
    ['table', table],
    ['json', json],
    ['sarif', sarif],
    ['html', html],
  ])('as %s name every target, what was not opened and what was not read', (_, report) => {
    const text = written(report);

    for (const { target } of all.views) expect(text).toContain(target.target);
    expect(text).toContain('registry.example/gone:1');
    expect(text).toContain('there is no such image');
    expect(text).toContain('a template that is not rendered');
  });

  it('begin with a line for each target as a table', () => {
    const lines = written(table).split('\n');

    expect(lines[0]).toBe('3 targets');
    expect(lines[1]).toMatch(/TARGET +PACKAGES +CRITICAL +HIGH +MEDIUM +LOW +CONFIG +BASE \/ YOURS +RESULT/);
    expect(lines.slice(2, 5).map((line) => line.trim().split(/\s/)[0])).toEqual([
      'image:registry.example/shop/web:1.4',
      'oci-dir:cart',
      'image:registry.example/gone:1',
    ]);
  });

  it('keep markup of a target out of the page', () => {
    const text = written(html);

    expect(text).not.toContain(hostileName);
    expect(text).not.toContain('<img src=x');
  });

  it('as SARIF have a run for each target, and a failed one for what was not looked at', () => {
    const runs = runsOf(all);

    expect(runs.map(({ results }) => results.length)).toEqual([3, 3, 0]);
    expect(runs[2]?.invocations).toMatchObject([{ executionSuccessful: false }]);
    expect(runs[2]?.invocations[0]?.toolExecutionNotifications).toHaveLength(2);
  });

  it('as SARIF have no such run when everything was looked at', () => {
    expect(runsOf({ ...all, notOpened: [], problems: [] })).toHaveLength(2);
  });
});

describe('the report on an image', () => {
  it('says what it is built on, and what came with that', () => {
    const text = table.write(imageView(), plainOptions);

    expect(text).toContain('debian:12 (the first of 2 layers, by the history)');
    expect(text).toContain('base image');
  });

  it('lists faults of the configuration as rules of their own in SARIF', () => {
    const text = sarif.write(imageView(), plainOptions);

    const [run] = (JSON.parse(text) as { readonly runs: readonly SarifRun[] }).runs;
    expect(run?.results.map(({ ruleId }) => ruleId)).toEqual(['CVE-2021-23337', 'root-user', 'setuid-file']);
  });
});
