// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptySpdxDocument } from './document.ts';
import { parseSpdxJson, parseSpdxYaml, printSpdxJson } from './json.ts';
import { parseSpdxRdf } from './rdf.ts';
import { parseSpdx3 } from './spdx3.ts';
import { parseSpdxTagValue } from './tag-value.ts';
import { printSpdxTagValue } from './tag-value-print.ts';
import { validateSpdx } from './validate.ts';
import { validateSpdx3 } from './validate3.ts';

const minimal = {
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'a',
  documentNamespace: 'https://example.com/a',
  creationInfo: { created: '2026-01-01T00:00:00Z', creators: ['Tool: t-1'] },
};

const tagValue = `SPDXVersion: SPDX-2.2
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: a
DocumentNamespace: https://example.com/a
ExternalDocumentRef:DocumentRef-b https://example.com/b SHA1: 0123
Creator: Person: Jane (jane@example.com)
Created: 2026-01-01T00:00:00Z
# a comment

PackageName: lib
SPDXID: SPDXRef-lib
PackageVersion: 1.0
PackageDownloadLocation: NONE
FilesAnalyzed: true
PackageVerificationCode: d6a7 (excludes: ./x.spdx, ./y.spdx)
PackageChecksum: SHA256: beef
PackageDescription: <text>two
lines</text>
ExternalRef: PACKAGE_MANAGER purl pkg:npm/lib@1.0
ExternalRefComment: from the registry

FileName: ./a.c
SPDXID: SPDXRef-a
FileType: SOURCE
FileChecksum: SHA1: cafe
LicenseConcluded: MIT

SnippetSPDXID: SPDXRef-snippet
SnippetFromFileSPDXID: SPDXRef-a
SnippetByteRange: 310:420
SnippetLineRange: 5:23

LicenseID: LicenseRef-1
ExtractedText: <text>All rights.</text>
LicenseName: Mine
LicenseCrossReference: https://example.com/license

Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-lib
RelationshipComment: the only one

Annotator: Tool: t
AnnotationDate: 2026-01-01T00:00:00Z
AnnotationType: OTHER
SPDXREF: SPDXRef-lib
AnnotationComment: hello
`;

/** Text with a piece cut out or replaced, or arbitrary text. */
function mutations(text: string): fc.Arbitrary<string> {
  const cut = fc
    .tuple(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 8 }))
    .map(([at, length, instead]) => text.slice(0, at) + instead + text.slice(at + length));
  return fc.oneof(cut, fc.string());
}

describe('parseSpdxTagValue', () => {
  test('reads every kind of element', () => {
    const { document, problems } = parseSpdxTagValue(tagValue, 'a.spdx');

    expect(problems).toEqual([]);
    expect(document?.externalDocumentRefs).toEqual([
      {
        externalDocumentId: 'DocumentRef-b',
        spdxDocument: 'https://example.com/b',
        checksum: { algorithm: 'SHA1', checksumValue: '0123' },
      },
    ]);
    expect(document?.packages).toEqual([
      {
        name: 'lib',
        SPDXID: 'SPDXRef-lib',
        versionInfo: '1.0',
        downloadLocation: 'NONE',
        filesAnalyzed: true,
        packageVerificationCode: {
          packageVerificationCodeValue: 'd6a7',
          packageVerificationCodeExcludedFiles: ['./x.spdx', './y.spdx'],
        },
        checksums: [{ algorithm: 'SHA256', checksumValue: 'beef' }],
        description: 'two\nlines',
        externalRefs: [
          {
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator: 'pkg:npm/lib@1.0',
            comment: 'from the registry',
          },
        ],
        annotations: [
          { annotator: 'Tool: t', annotationDate: '2026-01-01T00:00:00Z', annotationType: 'OTHER', comment: 'hello' },
        ],
      },
    ]);
    expect(document?.snippets[0]?.ranges?.[1]).toEqual({
      startPointer: { lineNumber: 5, reference: 'SPDXRef-a' },
      endPointer: { lineNumber: 23, reference: 'SPDXRef-a' },
    });
    expect(document?.hasExtractedLicensingInfos).toHaveLength(1);
  });

  test('takes a file below a package for contained in it', () => {
    const { document } = parseSpdxTagValue(tagValue, 'a.spdx');

    expect(document?.relationships).toEqual([
      {
        spdxElementId: 'SPDXRef-DOCUMENT',
        relationshipType: 'DESCRIBES',
        relatedSpdxElement: 'SPDXRef-lib',
        comment: 'the only one',
      },
      { spdxElementId: 'SPDXRef-lib', relationshipType: 'CONTAINS', relatedSpdxElement: 'SPDXRef-a' },
    ]);
  });

  test('knows the lines of elements', () => {
    const reading = parseSpdxTagValue(tagValue, 'a.spdx');

    expect(reading.locate(reading.document?.packages[0] ?? {})).toEqual({ path: 'a.spdx', line: 11 });
  });

  test('names the line of what is no tag', () => {
    const { problems } = parseSpdxTagValue(`${tagValue}what is this\n`, 'a.spdx');

    const line = tagValue.split('\n').length;
    expect(problems).toMatchObject([{ kind: 'syntax', location: { line }, hidesFindings: true }]);
  });

  test('says that a text which is none of SPDX is none', () => {
    const { document, problems } = parseSpdxTagValue('hello\n', 'a.spdx');

    expect(document).toBeUndefined();
    expect(problems.every((problem) => problem.hidesFindings)).toBe(true);
  });

  test('does not take names of the language for tags', () => {
    const { document } = parseSpdxTagValue('SPDXVersion: SPDX-2.3\nconstructor: x\ntoString: y\n', 'a.spdx');

    expect(document?.spdxVersion).toBe('SPDX-2.3');
  });
});

describe('parseSpdxJson', () => {
  test('turns the lists of described elements and of files into relationships, once', () => {
    const text = JSON.stringify({
      ...minimal,
      documentDescribes: ['SPDXRef-p'],
      packages: [{ name: 'p', SPDXID: 'SPDXRef-p', hasFiles: ['SPDXRef-f', 'SPDXRef-g'] }],
      relationships: [
        { spdxElementId: 'SPDXRef-f', relationshipType: 'CONTAINED_BY', relatedSpdxElement: 'SPDXRef-p' },
      ],
    });

    const { document } = parseSpdxJson(text, 'a.json');

    expect(
      document?.relationships.map(
        (item) => `${item.spdxElementId} ${item.relationshipType} ${item.relatedSpdxElement}`,
      ),
    ).toEqual([
      'SPDXRef-f CONTAINED_BY SPDXRef-p',
      'SPDXRef-DOCUMENT DESCRIBES SPDXRef-p',
      'SPDXRef-p CONTAINS SPDXRef-g',
    ]);
  });

  test('names the line of a value of the wrong shape, and whether it could hide a package', () => {
    const text = JSON.stringify({ ...minimal, comment: 7, packages: [{ name: 'p', versionInfo: 1.1 }, 'q'] }, null, 1);

    const { problems } = parseSpdxJson(text, 'a.json');

    expect(problems.map(({ message, hidesFindings }) => [message, hidesFindings])).toEqual([
      ['comment: a string expected', false],
      ['packages.versionInfo: a string expected', true],
      ['packages: objects expected', true],
    ]);
    expect(problems[1]?.location.line).toBe(17);
  });

  test('keeps members that SPDX does not know and prints them again', () => {
    const { document, problems } = parseSpdxJson(JSON.stringify({ ...minimal, extra: { a: [1] } }), 'a.json');

    expect(problems).toMatchObject([{ hidesFindings: false }]);
    expect(JSON.parse(printSpdxJson(document ?? emptySpdxDocument))).toMatchObject({ extra: { a: [1] } });
  });

  test('lifts files that a tool wrote into a package', () => {
    const files = [{ fileName: 'a.jar', SPDXID: 'SPDXRef-f' }];
    const text = JSON.stringify({ ...minimal, packages: [{ name: 'p', SPDXID: 'SPDXRef-p', files }] });

    const { document } = parseSpdxJson(text, 'a.json');

    expect(document?.files).toEqual(files);
    expect(document?.relationships[0]?.relationshipType).toBe('CONTAINS');
  });

  test('says which version it does not know', () => {
    const { problems } = parseSpdxJson(JSON.stringify({ ...minimal, spdxVersion: 'SPDX-9.0' }), 'a.json');

    expect(problems).toMatchObject([{ kind: 'unsupported', hidesFindings: true }]);
  });
});

describe('parseSpdxYaml', () => {
  test('keeps versions as text and reads truth values', () => {
    const { document } = parseSpdxYaml(
      'spdxVersion: SPDX-2.3\npackages:\n  - name: a\n    versionInfo: 1.10\n    filesAnalyzed: false\n',
      'a.yml',
    );

    expect(document?.packages).toEqual([{ name: 'a', versionInfo: '1.10', filesAnalyzed: false }]);
  });
});

describe('parseSpdxRdf', () => {
  const rdf = `<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <spdx:SpdxDocument rdf:about="https://example.com/a#SPDXRef-DOCUMENT">
    <spdx:specVersion>SPDX-2.3</spdx:specVersion>
    <spdx:name>a</spdx:name>
    <spdx:relationship><spdx:Relationship>
      <spdx:relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_describes"/>
      <spdx:relatedSpdxElement>
        <spdx:Package rdf:about="https://example.com/a#SPDXRef-p">
          <spdx:name>p</spdx:name>
          <spdx:versionInfo>1.0</spdx:versionInfo>
          <spdx:licenseConcluded rdf:resource="http://spdx.org/rdf/terms#noassertion"/>
          <spdx:licenseDeclared><spdx:DisjunctiveLicenseSet>
            <spdx:member rdf:resource="http://spdx.org/licenses/MIT"/>
            <spdx:member rdf:resource="http://spdx.org/licenses/ISC"/>
          </spdx:DisjunctiveLicenseSet></spdx:licenseDeclared>
          <spdx:checksum><spdx:Checksum>
            <spdx:algorithm rdf:resource="http://spdx.org/rdf/terms#checksumAlgorithm_sha1"/>
            <spdx:checksumValue>beef</spdx:checksumValue>
          </spdx:Checksum></spdx:checksum>
          <spdx:relationship><spdx:Relationship>
            <spdx:relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_dependsOn"/>
            <spdx:relatedSpdxElement rdf:resource="https://example.com/a#SPDXRef-q"/>
          </spdx:Relationship></spdx:relationship>
        </spdx:Package>
      </spdx:relatedSpdxElement>
    </spdx:Relationship></spdx:relationship>
  </spdx:SpdxDocument>
  <spdx:Package rdf:about="https://example.com/a#SPDXRef-q"><spdx:name>q</spdx:name></spdx:Package>
</rdf:RDF>`;

  test('reads nested and referenced packages with their relationships', () => {
    const { document, problems } = parseSpdxRdf(rdf, 'a.rdf');

    expect(problems).toEqual([]);
    expect(document?.packages.map((item) => item.name)).toEqual(['p', 'q']);
    expect(document?.packages[0]).toMatchObject({
      licenseConcluded: 'NOASSERTION',
      licenseDeclared: '(MIT OR ISC)',
      checksums: [{ algorithm: 'SHA1', checksumValue: 'beef' }],
    });
    expect(document?.relationships.map((item) => item.relationshipType).toSorted()).toEqual([
      'DEPENDS_ON',
      'DESCRIBES',
    ]);
  });

  test('never throws for broken text', () => {
    fc.assert(
      fc.property(mutations(rdf), (text) => void parseSpdxRdf(text, 'a.rdf')),
      { numRuns: 60 },
    );
  });
});

describe('parseSpdx3', () => {
  const graph = JSON.stringify({
    '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
    '@graph': [
      {
        type: 'CreationInfo',
        '@id': '_:c',
        specVersion: '3.0.1',
        created: '2026-01-01T00:00:00Z',
        createdBy: ['urn:me'],
      },
      { type: 'Person', spdxId: 'urn:me', creationInfo: '_:c', name: 'me' },
      { type: 'ai_Unheard', spdxId: 'urn:x', creationInfo: '_:c', ai_new: { type: 'Thing' } },
      {
        type: 'Relationship',
        spdxId: 'urn:r',
        creationInfo: '_:c',
        from: 'urn:x',
        relationshipType: 'dependsOn',
        to: ['urn:nowhere'],
      },
    ],
  });

  test('keeps classes it does not know, and finds references that lead nowhere', () => {
    const reading = parseSpdx3(graph, 'a.json');

    expect(reading.document?.graph).toHaveLength(4);
    expect(reading.document?.specVersion).toBe('3.0.1');
    expect(validateSpdx3(reading).map((problem) => problem.message)).toEqual([
      'Relationship: to names urn:nowhere, which is neither here nor imported',
    ]);
  });

  test('never throws for broken text', () => {
    fc.assert(
      fc.property(mutations(graph), (text) => void validateSpdx3(parseSpdx3(text, 'a.json'))),
      { numRuns: 60 },
    );
  });
});

describe('validateSpdx', () => {
  test('finds what is missing, double and dangling', () => {
    const text = JSON.stringify({
      ...minimal,
      packages: [
        { name: 'p', SPDXID: 'SPDXRef-p', downloadLocation: 'NONE' },
        { name: 'q', SPDXID: 'SPDXRef-p', downloadLocation: 'NONE' },
        { name: 'r', SPDXID: 'r' },
      ],
      relationships: [{ spdxElementId: 'SPDXRef-p', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'SPDXRef-z' }],
    });

    const messages = validateSpdx(parseSpdxJson(text, 'a.json')).map((problem) => problem.message);

    expect(messages).toEqual([
      'SPDXID: "r" does not have the form that SPDX asks for',
      'package: downloadLocation is missing',
      'the id SPDXRef-p is given twice',
      'the relationship names SPDXRef-z, which does not exist',
    ]);
  });
});

describe('SPDX readers', () => {
  test('never throws for broken tag-value and JSON', () => {
    const json = printSpdxJson(parseSpdxTagValue(tagValue, 'a').document ?? emptySpdxDocument);

    fc.assert(
      fc.property(mutations(tagValue), mutations(json), (first, second) => {
        const reading = parseSpdxTagValue(first, 'a');
        validateSpdx(reading);
        if (reading.document !== undefined) printSpdxTagValue(reading.document);
        validateSpdx(parseSpdxJson(second, 'a'));
      }),
      { numRuns: 60 },
    );
  });
});
