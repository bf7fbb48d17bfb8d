// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { readPrologFacts } from '../../formats/prolog-facts.ts';
import { swiplPack } from './swipl-pack.ts';

describe('swiplPack', () => {
  it('reads the facts of a pack', () => {
    const text =
      "name(list_util).\nversion('0.13.0').\ntitle('Lists, and more').\nrequires(func).\nhome('https://packs.example/').\n";

    const { get } = catalogText(swiplPack, { 'pack/list_util/pack.pl': text });

    expect(get('list_util')).toMatchObject({
      version: '0.13.0',
      purl: 'pkg:swiplpack/list_util@0.13.0',
      facts: { description: 'Lists, and more', homepage: 'https://packs.example/', other: { depends: 'func' } },
    });
  });

  it('tells of a pack without version', () => {
    expect(catalogText(swiplPack, { 'pack.pl': 'name(x).\n' }).problems).toMatchObject([{ kind: 'schema' }]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void readPrologFacts(`a(${text}).\n${text}`)));
  });
});
