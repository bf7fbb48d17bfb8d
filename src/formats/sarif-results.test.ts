// SPDX-License-Identifier: Apache-2.0
import { anything, assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSarif } from './sarif-results.ts';

function sarif(results: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): string {
  const rules = [
    {
      id: 'py/sql-injection',
      shortDescription: { text: 'SQL query built from user input' },
      messageStrings: { default: { text: 'Query from {0}' } },
      properties: { tags: ['security', 'external/cwe/cwe-089'], precision: 'high', 'security-severity': '8.8' },
    },
  ];
  return JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'CodeQL', rules } }, results, ...more }],
  });
}

function result(more: Readonly<Record<string, unknown>> = {}): unknown {
  const physicalLocation = { artifactLocation: { uri: 'src/a%20b.py' }, region: { startLine: 7, startColumn: 3 } };
  return {
    ruleId: 'py/sql-injection',
    message: { id: 'default', arguments: ['request'] },
    locations: [{ physicalLocation }],
    ...more,
  };
}

describe('results of other analysers', () => {
  test('become findings with the severity, CWE and message that the rule states', () => {
    const { findings, problems } = readSarif(sarif([result()]), 'report.sarif');

    expect(problems).toEqual([]);
    expect(findings).toMatchObject([
      {
        id: 'py/sql-injection',
        title: 'SQL query built from user input',
        message: 'Query from request',
        severity: 'high',
        confidence: 'high',
        cwes: ['CWE-89'],
        reportedBy: ['CodeQL'],
        location: { path: 'src/a b.py', line: 7, column: 3 },
      },
    ]);
  });

  test('find their rule by its index when they name none', () => {
    const { findings } = readSarif(sarif([result({ ruleId: undefined, ruleIndex: 0 })]), 'report.sarif');

    expect(findings[0]?.id).toBe('py/sql-injection');
  });

  test.each([[{ kind: 'pass' }], [{ suppressions: [{ kind: 'inSource' }] }], [{ baselineState: 'absent' }]])(
    'are passed over with %j',
    (more) => {
      expect(readSarif(sarif([result(more)]), 'report.sarif')).toMatchObject({ findings: [], passedOver: 1 });
    },
  );

  test('stay when the request to suppress them was rejected', () => {
    const rejected = { suppressions: [{ kind: 'external', status: 'rejected' }] };

    expect(readSarif(sarif([result(rejected)]), 'report.sarif').findings).toHaveLength(1);
  });

  test.each([undefined, null, '', 'high'])('a score that is %j made them negligible', (score) => {
    const rules = [{ id: 'r', properties: { 'security-severity': score } }];
    const text = JSON.stringify({
      runs: [
        { tool: { driver: { name: 'x', rules } }, results: [{ ruleId: 'r', message: { text: 'a' }, level: 'error' }] },
      ],
    });

    expect(readSarif(text, 'r').findings.map(({ severity }) => severity)).toEqual(['high']);
  });

  test('were taken out by one suppression while another is under review', () => {
    const suppressions = [{ kind: 'inSource' }, { kind: 'external', status: 'underReview' }];

    expect(readSarif(sarif([result({ suppressions })]), 'r').findings).toHaveLength(1);
    expect(readSarif(sarif([result({ suppressions: suppressions.slice(0, 1) })]), 'r').findings).toEqual([]);
  });

  test.each([
    ['no results at all', { results: undefined }],
    ['results that are null', { results: null }],
    ['results in other files', { externalPropertyFileReferences: { results: [{ location: { uri: 'r.sarif' } }] } }],
    [
      'an error while it ran',
      { invocations: [{ executionSuccessful: true, toolExecutionNotifications: [{ level: 'error' }] }] },
    ],
  ])('a run with %s looked like one that found nothing', (_what, more) => {
    expect(readSarif(sarif([], more), 'r').problems.map(({ hidesFindings }) => hidesFindings)).toEqual([true]);
    expect(readSarif(sarif([]), 'r').problems).toEqual([]);
  });

  test('keep their fingerprint when only the line changes and the analyser gives a stable hash', () => {
    const at = (startLine: number): string | undefined => {
      const physicalLocation = { artifactLocation: { uri: 'a.py' }, region: { startLine } };
      const moved = result({
        locations: [{ physicalLocation }],
        partialFingerprints: { primaryLocationLineHash: 'abc:1' },
      });
      return readSarif(sarif([moved]), 'report.sarif').findings[0]?.fingerprint;
    };

    expect(at(1)).toBe(at(90));
  });

  test('lose a path that climbs out of the root', () => {
    const physicalLocation = { artifactLocation: { uri: '../../etc/passwd' }, region: {} };

    expect(readSarif(sarif([result({ locations: [{ physicalLocation }] })]), 'r').findings[0]?.location.path).toBe(
      'etc/passwd',
    );
  });

  test('a run that failed is a problem that hides findings', () => {
    const { problems } = readSarif(sarif([], { invocations: [{ executionSuccessful: false }] }), 'report.sarif');

    expect(problems).toMatchObject([{ hidesFindings: true }]);
  });

  test('a file without runs is a problem', () => {
    expect(readSarif('{}', 'report.sarif').problems).toHaveLength(1);
  });

  test('whatever the file holds, nothing is thrown', () => {
    assert(
      property(anything(), (value) => {
        readSarif(JSON.stringify({ runs: [{ results: [value], tool: value }, value] }) ?? '', 'report.sarif');
      }),
    );
  });
});
