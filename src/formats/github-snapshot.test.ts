// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGithubSnapshot } from './github-snapshot.ts';
import { readPurlList } from './purl-list.ts';

const snapshot = {
  version: 0,
  job: { id: '1', correlator: 'build' },
  sha: 'ce58',
  ref: 'refs/heads/main',
  detector: { name: 'detector', version: '2.1', url: 'https://example.com' },
  scanned: '2026-01-01T00:00:00Z',
  manifests: {
    'package-lock.json': {
      name: 'package-lock.json',
      file: { source_location: 'web/package-lock.json' },
      resolved: {
        'a@1': {
          package_url: 'pkg:npm/a@1',
          relationship: 'direct',
          scope: 'runtime',
          dependencies: ['pkg:npm/b@2', 'pkg:npm/nowhere@1'],
        },
        'b@2': { package_url: 'pkg:npm/b@2', relationship: 'indirect', scope: 'development', dependencies: [] },
      },
    },
  },
};

describe('readGithubSnapshot', () => {
  test('reads manifests with relationships, scopes and dependencies', () => {
    const document = readGithubSnapshot(JSON.stringify(snapshot), 's.json');

    expect(document).toMatchObject({
      format: 'github',
      specVersion: '0',
      name: 'build',
      tools: ['detector 2.1'],
      problems: [],
    });
    expect(document.lists).toMatchObject([
      {
        path: 'web/package-lock.json',
        ecosystem: 'npm',
        packages: [
          { name: 'a', version: '1', relationship: 'direct', scope: 'runtime', dependsOn: ['package-lock.json#b@2'] },
          { name: 'b', version: '2', relationship: 'indirect', scope: 'development', dependsOn: [] },
        ],
      },
    ]);
  });

  test('names the line of a package without a package URL', () => {
    const text = '{\n"detector": {},\n"manifests": {"m": {"resolved": {\n"x": {"relationship": "direct"}}}}}';

    const { problems } = readGithubSnapshot(text, 's.json');

    expect(problems).toMatchObject([{ location: { line: 4 }, hidesFindings: true }]);
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        readGithubSnapshot(JSON.stringify({ ...snapshot, manifests: value }), 'a');
        readGithubSnapshot(JSON.stringify({ manifests: { m: { resolved: { x: value }, file: value } } }), 'a');
        readGithubSnapshot(JSON.stringify(value), 'a');
      }),
    );
  });
});

describe('readPurlList', () => {
  test('reads each package URL once, by type and distribution', () => {
    const document = readPurlList('# list\npkg:npm/a@1\npkg:deb/debian/b@2?distro=debian-12\npkg:npm/a@1\n\n', 'p.txt');

    expect(document.problems).toEqual([]);
    expect(document.lists.map((list) => [list.ecosystem, list.packages.length, list.distribution?.id])).toEqual([
      ['npm', 1, undefined],
      ['deb', 1, 'debian'],
    ]);
    expect(document.lists[0]?.packages[0]?.locations).toEqual([{ path: 'p.txt', line: 2 }]);
  });

  test('reports lines that are no package URLs', () => {
    expect(readPurlList('pkg:npm/a@1\nhello\n', 'p.txt').problems).toMatchObject([
      { location: { line: 2 }, hidesFindings: true },
    ]);
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void readPurlList(text, 'a')));
  });
});
