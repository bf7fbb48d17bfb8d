// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { plainOptions, sampleLists, summaryOf, viewOf } from '../../test/sbom-content.ts';
import { readGithubSnapshot } from '../formats/github-snapshot.ts';
import { readPurlList } from '../formats/purl-list.ts';
import { detectSbomFormat, readSbom } from '../formats/sbom-format.ts';
import { readSyftJson } from '../formats/syft-json.ts';
import { displayWidth } from '../formats/text-table.ts';
import { evidenceOf } from '../model/evidence.ts';
import { GraphBuilder } from '../model/graph.ts';
import type { Problem } from '../model/problem.ts';
import { github } from './github.ts';
import { purls } from './purls.ts';
import type { Report } from './report.ts';
import { sbomTable } from './sbom-table.ts';
import { spdxJson } from './spdx-json.ts';
import { spdxTagValue } from './spdx-tag-value.ts';
import { spdx3Json } from './spdx3-json.ts';
import { syftJson } from './syft-json.ts';

const view = viewOf(sampleLists);

function write(report: Report): string {
  return report.write(view, plainOptions);
}

describe('SBOM reports', () => {
  test.each([
    [spdxJson, 'spdx'],
    [spdxTagValue, 'spdx'],
    [spdx3Json, 'spdx'],
    [syftJson, 'syft'],
    [github, 'github'],
    [purls, 'purls'],
  ])('are recognised and read again', async (report, format) => {
    const text = write(report);

    const document = await readSbom(text, 'sbom');

    expect(detectSbomFormat(text, 'sbom')?.format).toBe(format);
    expect(document?.problems).toEqual([]);
    expect(
      summaryOf(document?.lists ?? [], []).filter((item) => JSON.stringify(item) !== JSON.stringify({})),
    ).not.toHaveLength(0);
  });

  test.each([spdxJson, spdxTagValue, spdx3Json, syftJson, github, purls])(
    'have the same bytes for the same input',
    (report) => {
      expect(write(report)).toBe(report.write(viewOf(structuredClone(sampleLists)), plainOptions));
    },
  );

  test('SPDX JSON takes the versions it can write', () => {
    expect(spdxJson.write(view, { ...plainOptions, formatVersion: '3.0.1' })).toBe(write(spdx3Json));
    expect(() => spdxJson.write(view, { ...plainOptions, formatVersion: '1.0' })).toThrow(
      'SPDX JSON is not written in version 1.0',
    );
  });
});

describe('Syft JSON', () => {
  test('keeps packages, licences, dependencies, sources and CPEs', () => {
    const document = readSyftJson(write(syftJson), 'x');

    const kept = ['type', 'licenses', 'dependsOn', 'sources', 'cpes', 'digests'] as const;
    expect(summaryOf(document.lists, kept)).toEqual(summaryOf(sampleLists, kept));
    expect(document.distribution).toMatchObject({ id: 'debian', versionId: '12', codename: 'bookworm' });
  });

  test('has the sections and ids that readers of Syft expect', () => {
    const document = JSON.parse(write(syftJson)) as { artifacts: { id: string }[]; schema: { version: string } };

    expect(Object.keys(document)).toEqual([
      'artifacts',
      'artifactRelationships',
      'files',
      'source',
      'distro',
      'descriptor',
      'schema',
    ]);
    expect(document.artifacts.every(({ id }) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
  });
});

describe('GitHub snapshot', () => {
  test('has one manifest for each file, without the project itself', () => {
    const document = readGithubSnapshot(write(github), 'x');

    expect(document.lists.map((list) => [list.path, list.packages.map((item) => item.name)])).toEqual([
      ['var/lib/dpkg/status', ['libc6']],
      ['web/package-lock.json', ['@scope/express', 'ms', 'mocha', 'fsevents']],
      ['pom.xml', ['org.example:lib']],
    ]);
    expect(document.lists[1]?.packages.map((item) => [item.relationship, item.scope])).toEqual([
      ['direct', 'runtime'],
      ['indirect', 'runtime'],
      ['direct', 'development'],
      ['direct', 'runtime'],
    ]);
  });
});

describe('purls', () => {
  test('are sorted and unique', () => {
    const twice = viewOf([...sampleLists, { ...(sampleLists[2] ?? never()), cataloger: 'other' }]);

    const lines = purls.write(twice, plainOptions).trimEnd().split('\n');

    expect(lines).toEqual([...new Set(lines)].toSorted());
    expect(readPurlList(lines.join('\n'), 'x').lists.flatMap((list) => list.packages)).toHaveLength(7);
  });
});

describe('SBOM table', () => {
  test('lists files, then packages with their places', () => {
    expect(write(sbomTable).split('\n')).toEqual([
      'pom.xml                 1 package  maven',
      'var/lib/dpkg/status     1 package  deb    debian 12',
      'web/package-lock.json  5 packages  npm',
      '',
      'NAME             VERSION         TYPE   SCOPE        LICENSE                      WHERE',
      'org.example:lib  3.1             maven  test         my own terms                 pom.xml:7',
      'libc6            2.36-9+deb12u4  deb    runtime      LGPL-2.1-only, my own terms  var/lib/dpkg/status:12',
      '@scope/express   4.0.0           npm    runtime      MIT OR Apache-2.0            web/package-lock.json:20',
      'fsevents         2.0.0           npm    optional                                  web/package-lock.json:50',
      'mocha            9.0.0           npm    development                               web/package-lock.json:40',
      'ms               2.0.0           npm    runtime      MIT                          web/package-lock.json:30',
      'shop             1.0.0           npm    runtime      Apache-2.0                   web/package-lock.json:2',
      '',
      '7 packages from 3 files. Looked at 0 files. Not readable: 0.',
      '',
    ]);
  });

  test('fits the width of the terminal', () => {
    const text = sbomTable.write(view, { ...plainOptions, width: 70 });

    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(70);
  });

  test('says how much was looked at when nothing was found, and what could not be read', () => {
    const problem: Problem = {
      kind: 'syntax',
      message: 'cut off',
      location: { path: 'a.lock', line: 3 },
      hidesFindings: true,
    };
    const graph = new GraphBuilder();
    const body = { filesSeen: 12, filesRead: 1, bytesRead: 1, skipped: [], problems: [problem] };
    graph.addEvidence(
      evidenceOf<'coverage'>({
        subject: 's',
        kind: 'coverage',
        body,
        producer: view.tool,
        source: 'dir:.',
        observedAt: '',
        trust: 'observed',
      }),
    );

    const text = sbomTable.write({ ...view, graph }, plainOptions);

    expect(text).toBe('No packages. Looked at 12 files. Not readable: 1:\n  a.lock:3  cut off\n');
  });
});

function never(): never {
  throw new Error('the sample has three lists');
}
