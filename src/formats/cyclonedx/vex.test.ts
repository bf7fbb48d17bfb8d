// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VexStatement } from '../../model/vex.ts';
import { readCycloneDxVex } from './vex.ts';

function statementsOf(vulnerabilities: readonly object[], members: object = {}): readonly VexStatement[] {
  const tree = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, vulnerabilities, ...members };
  return readCycloneDxVex(JSON.stringify(tree), 'vex.json').statements;
}

const notAffected = { state: 'not_affected', justification: 'code_not_reachable', detail: 'never called' };

describe('VEX statements of CycloneDX', () => {
  test('come from vulnerabilities with an analysis', () => {
    const vulnerability = {
      id: 'CVE-2024-1',
      references: [{ id: 'GHSA-x', source: { name: 'GitHub' } }],
      analysis: { ...notAffected, lastUpdated: '2024-01-02T00:00:00Z' },
      affects: [{ ref: 'pkg:npm/a@1' }],
    };

    expect(statementsOf([{ id: 'CVE-2024-0' }, vulnerability])).toEqual([
      {
        vulnerabilities: ['CVE-2024-1', 'GHSA-x'],
        products: [{ id: 'pkg:npm/a@1', kind: 'purl', subcomponents: [] }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        originalJustification: 'code_not_reachable',
        statement: 'never called',
        timestamp: '2024-01-02T00:00:00Z',
        location: { path: 'vex.json', line: 1, endLine: 1 },
      },
    ]);
  });

  test.each([
    ['resolved', 'fixed'],
    ['resolved_with_pedigree', 'fixed'],
    ['exploitable', 'affected'],
    ['in_triage', 'under_investigation'],
    ['false_positive', 'not_affected'],
    ['not_affected', 'not_affected'],
  ])('know the state %s', (state, status) => {
    expect(statementsOf([{ id: 'CVE-1', analysis: { state } }])[0]?.status).toBe(status);
  });

  test('take a bom-ref of the document for its package URL', () => {
    const components = [{ type: 'library', 'bom-ref': 'r1', name: 'a', purl: 'pkg:npm/a@1' }];

    const [statement] = statementsOf(
      [{ id: 'CVE-1', analysis: notAffected, affects: [{ ref: 'r1' }, { ref: 'r2' }] }],
      { components },
    );

    expect(statement?.products.map((product) => [product.kind, product.id])).toEqual([
      ['purl', 'pkg:npm/a@1'],
      ['reference', 'r2'],
    ]);
  });

  test('take a BOM-Link apart', () => {
    const link = 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1';

    const [statement] = statementsOf([
      {
        id: 'CVE-1',
        analysis: notAffected,
        affects: [{ ref: `${link}#pkg:deb/ubuntu/libstdc%2B%2B6@12` }, { ref: `${link}#pkg%3Anpm%2Fa%401` }],
      },
    ]);

    expect(statement?.products).toEqual([
      { id: 'pkg:deb/ubuntu/libstdc%2B%2B6@12', kind: 'purl', subcomponents: [], document: link },
      { id: 'pkg:npm/a@1', kind: 'purl', subcomponents: [], document: link },
    ]);
  });

  test('are limited to the versions whose status fits', () => {
    const versions = [
      { version: '1', status: 'affected' },
      { version: '2', status: 'unaffected' },
      { range: 'vers:npm/>=3', status: 'unaffected' },
    ];

    const of = (state: string): unknown =>
      statementsOf([{ id: 'CVE-1', analysis: { state }, affects: [{ ref: 'p', versions }] }])[0]?.products[0]?.versions;

    expect(of('not_affected')).toEqual(['2', 'vers:npm/>=3']);
    expect(of('exploitable')).toEqual(['1']);
  });

  test('speak of what the document describes when they name nothing', () => {
    const metadata = { component: { type: 'application', 'bom-ref': 'p', name: 'shop', purl: 'pkg:npm/shop@1' } };

    expect(statementsOf([{ id: 'CVE-1', analysis: notAffected }], { metadata })[0]?.products).toMatchObject([
      { id: 'pkg:npm/shop@1' },
    ]);
    expect(statementsOf([{ id: 'CVE-1', analysis: notAffected }])[0]?.products).toEqual([]);
  });

  test('are read from XML too', () => {
    const text = `<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><vulnerabilities><vulnerability><id>CVE-1</id>
      <analysis><state>not_affected</state></analysis><affects><target><ref>p</ref></target></affects></vulnerability></vulnerabilities></bom>`;

    expect(readCycloneDxVex(text, 'vex.xml')).toMatchObject({
      format: 'cyclonedx',
      problems: [],
      statements: [{ vulnerabilities: ['CVE-1'], status: 'not_affected', products: [{ id: 'p' }] }],
    });
  });

  test('of any content make nothing throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (vulnerability, affects) => {
        statementsOf([{ id: 'CVE-1', analysis: { state: 'resolved' }, affects }, vulnerability as object], {
          components: affects,
        });
      }),
    );
  });
});
