// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SpdxDocument } from './document.ts';
import { emptySpdxDocument } from './document.ts';
import { parseSpdxJson, printSpdxJson } from './json.ts';
import { parseSpdxTagValue } from './tag-value.ts';
import { printSpdxTagValue } from './tag-value-print.ts';

const minimal = {
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'a',
  documentNamespace: 'https://example.com/a',
  creationInfo: { created: '2026-01-01T00:00:00Z', creators: ['Tool: t-1'] },
};

const words = fc.stringMatching(/^[ -~]{0,20}$/).map((text) => text.trim());
const filled = words.filter((text) => text !== '' && !text.startsWith('<text>'));
const lines = fc
  .array(words, { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('\n').replaceAll('</text>', ''));
const token = fc.stringMatching(/^[A-Za-z0-9.-]{1,10}$/);
const checksum = fc.record({
  algorithm: fc.constantFrom('SHA1', 'SHA256', 'BLAKE2b-256'),
  checksumValue: fc.stringMatching(/^[0-9a-f]{4,8}$/),
});
const some = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 1, maxLength: 3 });

const packageTree = fc.record(
  {
    name: filled,
    versionInfo: lines,
    supplier: filled,
    downloadLocation: filled,
    filesAnalyzed: fc.boolean(),
    checksums: some(checksum),
    licenseInfoFromFiles: some(filled),
    copyrightText: lines,
    description: lines,
    externalRefs: some(
      fc.record({
        referenceCategory: fc.constantFrom('SECURITY', 'OTHER'),
        referenceType: token,
        referenceLocator: token,
        comment: lines,
      }),
    ),
    attributionTexts: some(lines),
  },
  { requiredKeys: ['name'] },
);

const documentTree: fc.Arbitrary<SpdxDocument> = fc
  .record({
    packages: fc.array(packageTree, { maxLength: 3 }),
    files: fc.array(fc.record({ fileName: filled, checksums: some(checksum), noticeText: lines }), { maxLength: 3 }),
    licenses: fc.array(fc.record({ licenseId: token, extractedText: lines, seeAlsos: some(filled) }), { maxLength: 2 }),
    edges: fc.array(fc.tuple(fc.nat(5), fc.constantFrom('CONTAINS', 'DEPENDS_ON', 'OTHER'), fc.nat(5), lines), {
      maxLength: 4,
    }),
    comment: lines,
  })
  .map(({ packages, files, licenses, edges, comment }) => {
    const withIds = <T>(items: readonly T[], kind: string): (T & { SPDXID: string })[] =>
      items.map((item, index) => ({ ...item, SPDXID: `SPDXRef-${kind}${index}` }));
    const elements = [...withIds(packages, 'p'), ...withIds(files, 'f')];
    const idAt = (at: number): string => elements[at % Math.max(elements.length, 1)]?.SPDXID ?? 'SPDXRef-DOCUMENT';
    return {
      ...emptySpdxDocument,
      ...minimal,
      comment,
      packages: withIds(packages, 'p').map((item, index) =>
        index > 0
          ? item
          : {
              ...item,
              annotations: [{ annotator: 'Tool: t', annotationDate: 'now', annotationType: 'OTHER', comment }],
            },
      ),
      files: withIds(files, 'f'),
      hasExtractedLicensingInfos: licenses,
      relationships: edges.map(([from, relationshipType, to, text]) => ({
        spdxElementId: idAt(from),
        relationshipType,
        relatedSpdxElement: idAt(to),
        comment: text,
      })),
    };
  });

describe('printing and reading', () => {
  test('gives the same tree in JSON', () => {
    fc.assert(
      fc.property(documentTree, (document) => {
        expect(parseSpdxJson(printSpdxJson(document), 'a').document).toEqual(document);
      }),
      { numRuns: 50 },
    );
  });

  test('gives the same tree in tag-value', () => {
    fc.assert(
      fc.property(documentTree, (document) => {
        expect(parseSpdxTagValue(printSpdxTagValue(document), 'a').document).toEqual(document);
      }),
      { numRuns: 100 },
    );
  });
});
