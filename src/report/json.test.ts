// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { combinedView, imageView } from '../../test/support/image-report-view.ts';
import { decisionOf, plainOptions, viewOf, vulnerability } from '../../test/support/report-view.ts';
import { readLandwaiterReport } from '../formats/landwaiter-report.ts';
import type { PolicyRun } from '../model/policy-run.ts';
import { json, reportSchema, reportsSchema } from './json.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../docs/schema/report.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

describe('json', () => {
  it('fits the documented schema', () => {
    const suppressed = { by: 'vex', source: 'vex.json:1', reason: 'x', status: 'not_affected' } as const;
    const view = viewOf([
      decisionOf(vulnerability({})),
      decisionOf(vulnerability({ id: 'CVE-1', name: 'x' }), { suppressed }),
    ]);

    const document = JSON.parse(json.write(view, plainOptions)) as unknown;

    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document).toMatchObject({
      schema: reportSchema,
      findings: [{ id: 'CVE-2021-23337' }],
      suppressed: [{ id: 'CVE-1' }],
    });
  });

  it('of an image fits the documented schema, with what it is built on and what is wrong with its configuration', () => {
    const document = JSON.parse(json.write(imageView(), plainOptions)) as unknown;

    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document).toMatchObject({
      image: { base: { name: 'debian:12' } },
      findings: [{ id: 'CVE-2021-23337', origin: 'base' }],
      misconfigurations: [{ id: 'root-user' }, { id: 'setuid-file', origin: 'own', suppressed: { by: 'ignore' } }],
      notApplied: [{ locations: [{ path: '.trivyignore' }] }],
    });
  });

  it('of policies fits the documented schema, without what a Secret holds', () => {
    const base = viewOf([decisionOf(vulnerability({}))]);
    const view = { ...base, scanners: new Set(['policy']), policyRun: policyRun() };

    const text = json.write(view, plainOptions);

    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(JSON.parse(text)).toMatchObject({
      policyRun: {
        results: { pass: 0, fail: 0, skip: 1, error: 0 },
        excepted: [{ policy: 'p', exceptions: ['shop/legacy'] }],
        changes: [{ patch: [{ op: 'add', path: '/data/a' }] }],
        writes: [{ kind: 'make', after: { kind: 'Secret' } }],
        deletions: [{ because: 'ClusterCleanupPolicy old' }],
      },
    });
    expect(text).not.toContain('aGlkZGVu');
  });

  it('of several targets fits the documented schema, with what was not looked at', () => {
    const document = JSON.parse(json.writeAll?.(combinedView(), plainOptions) ?? '') as unknown;

    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document).toMatchObject({
      schema: reportsSchema,
      notOpened: [{ code: 'TARGET_NOT_FOUND' }],
      problems: [{ kind: 'unresolved' }],
      reports: [{ schema: reportSchema }, { schema: reportSchema }],
    });
  });

  it.each([
    ['a finding without a message', { misconfigurations: [{ kind: 'misconfiguration', id: 'x' }] }],
    ['an origin that is none', { image: { platform: '', indexes: [], user: '', layers: [{ origin: 'elsewhere' }] } }],
    ['another schema', { schema: 'https://landwaiter.dev/schema/report/v9' }],
  ])('is told from a document with %s', (_, change) => {
    const document = JSON.parse(json.write(imageView(), plainOptions)) as object;

    expect(validate({ ...document, ...change })).toBe(false);
  });

  it('has every member of a report in the documented schema', () => {
    const { $defs } = schema as { readonly $defs: Readonly<Record<string, { readonly properties?: object }>> };
    const known = (name: string): readonly string[] => Object.keys($defs[name]?.properties ?? {});
    const document = JSON.parse(json.writeAll?.(combinedView(), plainOptions) ?? '') as {
      readonly reports: readonly object[];
    };

    expect(Object.keys(document).filter((key) => !known('reports').includes(key))).toEqual([]);
    expect(Object.keys(document.reports[0] ?? {}).filter((key) => !known('report').includes(key))).toEqual([]);
  });

  it('of an image is read again with what is wrong with its configuration', () => {
    const { results, problems } = readLandwaiterReport(json.write(imageView(), plainOptions), 'report.json');

    const configured = results.filter(({ finding }) => finding.kind === 'misconfiguration');
    expect(problems).toEqual([]);
    expect(configured).toMatchObject([
      { finding: { id: 'root-user', severity: 'medium' } },
      { finding: { id: 'setuid-file', origin: 'own' }, suppressed: { by: 'ignore' } },
    ]);
  });
});

function policyRun(): PolicyRun {
  const object = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 's' };
  const after = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'aGlkZGVu' } };
  const location = { path: 'r.yaml', line: 1 };
  return {
    policies: 1,
    objects: 1,
    results: [
      {
        engine: 'kyverno',
        policy: 'p',
        rule: 'r',
        object,
        outcome: 'skip',
        effect: 'deny',
        severity: 'high',
        message: '',
        exceptions: ['shop/legacy'],
        isScored: true,
      },
    ],
    changes: [{ object, location, after, patch: [{ op: 'add', path: '/data/a', value: 'aGlkZGVu' }] }],
    writes: [{ kind: 'make', policy: 'p', rule: 'r', object, after, because: object }],
    deletions: [{ object, location, because: 'ClusterCleanupPolicy old' }],
  };
}
