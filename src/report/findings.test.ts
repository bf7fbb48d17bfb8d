// SPDX-License-Identifier: Apache-2.0
// The reports of findings: what each must hold, its limits, and that foreign text stays text.
import { describe, expect, it } from 'vitest';
import { decisionOf, hostileName, plainOptions, viewOf, vulnerability } from '../../test/support/report-view.ts';
import { parseXml } from '../formats/xml.ts';
import { gitlab } from './gitlab.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { sarif } from './sarif.ts';
import { table } from './table.ts';

const open = decisionOf(vulnerability({}));
const suppressed = decisionOf(vulnerability({ id: 'CVE-2020-1', name: 'minimist' }), {
  suppressed: { by: 'ignore', source: '.landwaiterignore.yaml:2', reason: 'not reachable' },
});
const hostile = decisionOf(vulnerability({ id: 'CVE-2020-2', name: hostileName, severity: 'low', risk: 1 }));
const view = viewOf([open, suppressed, hostile]);

describe('every report of findings', () => {
  it.each([table, json, sarif, junit, gitlab, markdown, html])('$id is the same for the same view', (report) => {
    expect(report.write(view, plainOptions)).toBe(report.write(view, plainOptions));
  });

  it.each([table, json, sarif, junit, gitlab, markdown, html])(
    '$id names the finding and lets no control character through',
    (report) => {
      const text = report.write(view, plainOptions);

      expect(text).toContain('CVE-2021-23337');
      expect(text).not.toContain('\u001B');
    },
  );

  it.each([table, json, sarif, junit, markdown, html])('$id says what could not be looked at', (report) => {
    const text = report.write(view, plainOptions);

    expect(text).toContain('unexpected end of file');
    expect(text).toContain('no advisories for Hex');
  });
});

describe('table', () => {
  it('puts the direct dependency, the fix and the place into one row', () => {
    expect(table.write(view, plainOptions)).toMatch(
      /CVE-2021-23337 +high +lodash \(via express\) +1\.0\.0 +1\.0\.1 +web\/package-lock\.json:7/,
    );
  });

  it('folds unrated findings of one package into one row', () => {
    const unrated = ['1', '2', '3', '4'].map((id) =>
      decisionOf(vulnerability({ id: `CVE-2020-10${id}`, severity: 'unknown', risk: 1.5 })),
    );

    const text = table.write(viewOf(unrated), plainOptions);

    expect(text).toMatch(/4 unrated +unknown +lodash/);
    expect(text).not.toContain('CVE-2020-101');
  });

  it('wrote a line for each of a thousand things that could not be judged', () => {
    const errors = Array.from({ length: 1_000 }, (_, index) => ({
      ...open,
      outcome: 'error' as const,
      message: `object ${index} could not be judged`,
    }));

    const lines = table.write(viewOf(errors), plainOptions).split('\n');

    expect(lines.filter((line) => line.includes('could not be judged'))).toHaveLength(20);
    expect(lines).toContainEqual(expect.stringMatching(/Could not look: \.\.\. and 9\d\d more/));
  });

  it('fits the width of the terminal', () => {
    const lines = table.write(view, { ...plainOptions, width: 100 }).split('\n');

    expect(lines.filter((line) => line.includes('CVE-')).every((line) => line.length <= 100)).toBe(true);
  });
});

describe('sarif', () => {
  it('keeps within the limit of results, drops the least risk, and counts what it cut', () => {
    const many = Array.from({ length: 5_010 }, (_, index) =>
      decisionOf(vulnerability({ id: `CVE-2019-${index}`, risk: index / 100 })),
    );

    const { runs } = JSON.parse(sarif.write(viewOf(many), plainOptions)) as {
      runs: { results: { ruleId: string }[]; properties: { resultsCut: number } }[];
    };

    expect(runs[0]?.results).toHaveLength(5_000);
    expect(runs[0]?.results[0]?.ruleId).toBe('CVE-2019-5009');
    expect(runs[0]?.properties.resultsCut).toBe(10);
  });

  it('carries severity, fingerprint, region and suppression', () => {
    const { runs } = JSON.parse(sarif.write(view, plainOptions)) as { runs: { results: unknown[]; tool: unknown }[] };

    expect(runs[0]?.results[0]).toMatchObject({
      ruleId: 'CVE-2021-23337',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'web/package-lock.json' },
            region: { startLine: 7, endLine: 9 },
          },
        },
      ],
      partialFingerprints: { 'landwaiterFinding/v1': expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    });
    expect(JSON.stringify(runs[0]?.tool)).toContain('"security-severity":"7.2"');
    expect(JSON.stringify(runs[0]?.results)).toContain('not reachable');
  });
});

describe('junit', () => {
  it('is well-formed XML in which what could not be looked at is an error, not a pass', () => {
    const { root, problems } = parseXml(junit.write(view, plainOptions), 'junit.xml');
    const cases = root?.children.flatMap((suite) => suite.children) ?? [];

    expect(problems).toEqual([]);
    expect(cases.map((item) => item.children[0]?.name ?? '').toSorted((a, b) => a.localeCompare(b))).toEqual([
      'error',
      'error',
      'failure',
      'failure',
      'skipped',
    ]);
  });
});

describe('html', () => {
  it('shows foreign text as text and links only to https', () => {
    const text = html.write(view, plainOptions);

    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img src=x');
    expect(text).not.toContain('href="javascript:');
  });

  it('allows no script but its own', () => {
    expect(html.write(view, plainOptions)).toMatch(
      /default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'/,
    );
  });
});

describe('markdown', () => {
  it('keeps foreign text from becoming markup or another column', () => {
    const row =
      markdown
        .write(view, plainOptions)
        .split('\n')
        .find((line) => line.includes('CVE-2020-2')) ?? '';

    expect(row).not.toMatch(/<img(?![^`]*`)/);
    expect(row.split(/(?<!\\)\|/)).toHaveLength(9);
  });
});

describe('gitlab', () => {
  it('names upgrade, identifiers and place', () => {
    const document = JSON.parse(gitlab.write(view, plainOptions)) as { vulnerabilities: unknown[] };

    expect(document.vulnerabilities[0]).toMatchObject({
      severity: 'High',
      solution: 'Upgrade lodash to 1.0.2',
      location: { file: 'web/package-lock.json', dependency: { package: { name: 'lodash' }, version: '1.0.0' } },
      identifiers: [{ type: 'cve', value: 'CVE-2021-23337' }, { type: 'ghsa' }],
    });
  });
});
