// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsaf } from './csaf.ts';
import { readOpenVex } from './openvex.ts';

describe('readOpenVex', () => {
  it('reads products with identifiers and subcomponents', () => {
    const text = JSON.stringify({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': 'https://example.com/vex/1',
      timestamp: '2026-01-01T00:00:00Z',
      statements: [
        {
          vulnerability: { name: 'CVE-2026-1', aliases: ['GHSA-aaaa-bbbb-cccc'] },
          products: [
            { '@id': 'pkg:oci/shop', subcomponents: [{ '@id': 'x', identifiers: { purl: 'pkg:npm/lodash@4.17.20' } }] },
          ],
          status: 'not_affected',
          justification: 'component_not_present',
        },
      ],
    });

    const { statements, problems } = readOpenVex(text, 'vex.json');

    expect(problems).toEqual([]);
    expect(statements).toMatchObject([
      {
        vulnerabilities: ['CVE-2026-1', 'GHSA-aaaa-bbbb-cccc'],
        status: 'not_affected',
        justification: 'component_not_present',
        timestamp: '2026-01-01T00:00:00Z',
        products: [
          { id: 'pkg:oci/shop', subcomponents: [{ id: 'x' }, { id: 'pkg:npm/lodash@4.17.20', kind: 'purl' }] },
        ],
      },
    ]);
  });

  it('does not take a statement whose products or parts it cannot read for one on everything', () => {
    const about = (products: unknown): string =>
      JSON.stringify({ statements: [{ vulnerability: 'CVE-1', status: 'not_affected', products }] });

    for (const products of [[7], [{}], 'x', [{ '@id': 'pkg:oci/shop', subcomponents: [{ name: 'lodash' }] }]]) {
      const { statements, problems } = readOpenVex(about(products), 'vex.json');

      expect(statements).toEqual([]);
      expect(problems).toMatchObject([{ message: 'statement whose products cannot be read; it is not used' }]);
    }
  });

  it('gives the subjects of an attestation to statements that name no product', () => {
    const text = JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://openvex.dev/ns/v0.2.0',
      subject: [{ name: 'pkg:oci/shop', digest: { sha256: 'AB' } }],
      predicate: {
        statements: [
          { vulnerability: 'CVE-1', status: 'fixed' },
          { vulnerability: 'CVE-2', status: 'fixed', products: ['pkg:oci/other'] },
        ],
      },
    });

    const { statements } = readOpenVex(text, 'vex.json');

    expect(statements.map(({ products }) => products.map(({ id }) => id))).toEqual([
      ['pkg:oci/shop', 'sha256:ab'],
      ['pkg:oci/other'],
    ]);
  });

  it('leaves a statement of a plain document without products where none is named', () => {
    const { statements } = readOpenVex('{"statements":[{"vulnerability":"CVE-1","status":"fixed"}]}', 'vex.json');

    expect(statements).toMatchObject([{ vulnerabilities: ['CVE-1'], products: [] }]);
  });

  it('does not use a statement of unknown status', () => {
    const { statements, problems } = readOpenVex(
      '{"statements":[{"vulnerability":"CVE-1","status":"fine"}]}',
      'vex.json',
    );

    expect(statements).toEqual([]);
    expect(problems).toMatchObject([{ message: 'statement with unknown status "fine"; it is not used' }]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readOpenVex(text, 'x')));
  });
});

describe('readCsaf', () => {
  const document = {
    document: {
      csaf_version: '2.0',
      category: 'csaf_vex',
      tracking: { id: 'A-1', current_release_date: '2026-01-02T00:00:00Z' },
    },
    product_tree: {
      branches: [
        {
          branches: [
            { product: { product_id: 'HOST', product_identification_helper: { purl: 'pkg:oci/shop' } } },
            {
              product: {
                product_id: 'PART',
                product_identification_helper: { purl: 'pkg:golang/example.com/part@v1.0.0' },
              },
            },
          ],
        },
      ],
      relationships: [
        {
          product_reference: 'PART',
          relates_to_product_reference: 'HOST',
          full_product_name: { product_id: 'HOST:PART' },
        },
      ],
      product_groups: [{ group_id: 'G', product_ids: ['HOST:PART'] }],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2026-2',
        product_status: { known_not_affected: ['HOST:PART'], fixed: ['MISSING'] },
        flags: [{ label: 'vulnerable_code_not_present', group_ids: ['G'] }],
        threats: [{ category: 'impact', details: 'the parser is not built in', product_ids: ['HOST:PART'] }],
      },
    ],
  };

  it('resolves relationships, groups and reasons', () => {
    const { statements } = readCsaf(JSON.stringify(document), 'csaf.json');

    expect(statements).toMatchObject([
      {
        vulnerabilities: ['CVE-2026-2'],
        status: 'not_affected',
        justification: 'vulnerable_code_not_present',
        statement: 'the parser is not built in',
        products: [{ id: 'pkg:oci/shop', subcomponents: [{ id: 'pkg:golang/example.com/part@v1.0.0' }] }],
      },
    ]);
  });

  it('names a product that the tree does not define', () => {
    const { problems } = readCsaf(JSON.stringify(document), 'csaf.json');

    expect(problems).toMatchObject([{ kind: 'unresolved', message: 'product "MISSING" is not in the product tree' }]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readCsaf(text, 'x')));
  });
});
