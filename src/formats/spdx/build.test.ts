// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleLists, summaryOf } from '../../../test/sbom-content.ts';
import type { Package, PackageList } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { buildSpdx } from './build2.ts';
import { buildSpdx3 } from './build3.ts';
import type { SpdxContent } from './content.ts';
import { actorOf, addressOf, idPart } from './content.ts';
import { parseSpdxJson, printSpdxJson } from './json.ts';
import { readSpdx } from './sbom.ts';
import { parseSpdx3, printSpdx3 } from './spdx3.ts';
import { printSpdxTagValue } from './tag-value-print.ts';
import { validateSpdx } from './validate.ts';
import { validateSpdx3 } from './validate3.ts';

function contentOf(lists: readonly PackageList[]): SpdxContent {
  return {
    target: { kind: 'directory', name: 'shop', version: '1.0' },
    tool: { name: 'landwaiter', version: '0.1.0' },
    createdAt: '2026-01-01T00:00:00.000Z',
    lists,
  };
}

const printers = {
  'SPDX 2.3 JSON': (lists: readonly PackageList[]) => printSpdxJson(buildSpdx(contentOf(lists))),
  'SPDX 2.3 tag-value': (lists: readonly PackageList[]) => printSpdxTagValue(buildSpdx(contentOf(lists))),
  'SPDX 3.0.1 JSON-LD': (lists: readonly PackageList[]) => printSpdx3(buildSpdx3(contentOf(lists))),
};

const kept = [
  'type',
  'licenses',
  'digests',
  'dependsOn',
  'scope',
  'relationship',
  'locations',
  'sources',
  'cpes',
] as const;

describe.each(Object.entries(printers))('%s', (_name, print) => {
  test('is read back with packages, licences, digests, dependencies, scopes and places', () => {
    const document = readSpdx(print(sampleLists), 'shop.spdx');

    expect(document.problems).toEqual([]);
    expect(summaryOf(document.lists, kept)).toEqual(summaryOf(sampleLists, kept));
    expect(document.lists.map((list) => list.path).toSorted()).toEqual(sampleLists.map((list) => list.path).toSorted());
    expect(document.distribution).toMatchObject({ id: 'debian', versionId: '12' });
    expect(document.root).toMatchObject({ name: 'shop', version: '1.0', type: 'source' });
  });

  test('has the same bytes for the same content', () => {
    expect(print(sampleLists)).toBe(print(structuredClone(sampleLists)));
  });

  test('keeps any names, versions and licences', () => {
    const text = fc
      .string({ minLength: 1, maxLength: 12 })
      .filter((value) => value.trim() === value && value !== 'NONE' && value !== 'NOASSERTION');
    const item = fc.record({ name: text, version: text, license: fc.constantFrom('MIT', 'ISC', 'x/y', 'Some Words') });

    fc.assert(
      fc.property(fc.uniqueArray(item, { selector: (value) => value.name, maxLength: 5 }), (items) => {
        const packages: Package[] = items.map(({ name, version, license }) =>
          packageOf({ name, version, type: 'generic', licenses: [license] }),
        );
        const list: PackageList = { cataloger: 'test', path: 'a', ecosystem: 'generic', kind: 'declared', packages };

        const document = readSpdx(print([list]), 'x');

        expect(summaryOf(document.lists, ['licenses'])).toEqual(summaryOf([list], ['licenses']));
      }),
      { numRuns: 40 },
    );
  });
});

describe('buildSpdx', () => {
  test('gives a document without anything that SPDX 2.3 demands missing', () => {
    const reading = parseSpdxJson(printSpdxJson(buildSpdx(contentOf(sampleLists))), 'x');

    expect([...reading.problems, ...validateSpdx(reading)]).toEqual([]);
  });

  test('carries the words of licences that are not on the list', () => {
    const document = buildSpdx(contentOf(sampleLists));

    expect(document.hasExtractedLicensingInfos).toMatchObject([
      { licenseId: 'LicenseRef-my-own-terms', name: 'my own terms' },
    ]);
  });
});

describe('buildSpdx3', () => {
  test('gives a graph without anything that SPDX 3.0.1 demands missing', () => {
    const reading = parseSpdx3(printSpdx3(buildSpdx3(contentOf(sampleLists))), 'x');

    expect([...reading.problems, ...validateSpdx3(reading)]).toEqual([]);
  });
});

describe('parts of documents', () => {
  test.each([
    [
      'Jane Doe <jane@example.com> (https://example.com)',
      { kind: 'Person', name: 'Jane Doe', email: 'jane@example.com' },
    ],
    ['Jane Doe', { kind: 'Person', name: 'Jane Doe' }],
    ['<jane@example.com>', { kind: 'Person', name: 'jane@example.com' }],
    ['', undefined],
  ])('reads the actor %j', (text, expected) => {
    expect(actorOf(text, 'Person')).toEqual(expected);
  });

  test.each([
    ['git+https://example.org/a.git@v1#src/b.c', 'git+https://example.org/a.git@v1#src/b.c'],
    ['bzr+lp:MyProject', 'bzr+lp:MyProject'],
    ['example/package', undefined],
    ['', undefined],
  ])('takes %j for the address %s', (text, expected) => {
    expect(addressOf(text)).toBe(expected);
  });

  test('makes ids of the characters that ids may hold', () => {
    expect(idPart('@scope/näme v1')).toBe('scope-n-me-v1');
  });
});
