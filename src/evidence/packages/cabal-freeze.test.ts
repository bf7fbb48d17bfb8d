// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { cabalFreeze } from './cabal-freeze.ts';

describe('cabalFreeze', () => {
  it('reads exact constraints and passes over flags and installed packages', () => {
    const text = `active-repositories: hackage.example:merge
constraints: any.Cabal ==3.2.1.0,
             any.base installed,
             tls +compat -hans,
             plain ==1.0
-- any.old ==1
index-state: hackage.example 2022-07-07T01:01:53Z
`;

    const { get, names } = catalogText(cabalFreeze, { 'cabal.project.freeze': text });

    expect(names).toEqual(['Cabal@3.2.1.0', 'plain@1.0']);
    expect(get('plain').locations).toEqual([{ path: 'cabal.project.freeze', line: 5 }]);
  });

  it('does not take a file that ends inside a constraint for all of them', () => {
    for (const end of [',', ',\n             an', ',\n             any.two ==', ',\n             any.two ==2.4.']) {
      const { names, problems } = catalogText(cabalFreeze, {
        'cabal.project.freeze': `constraints: any.one ==1.0${end}`,
      });

      expect(names).toEqual(['one@1.0']);
      expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
    }
  });
});
