// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { readFormula } from '../package-facts/homebrew-formula.ts';
import { homebrewCellar } from './homebrew-cellar.ts';
import { homebrewFormula } from './homebrew-formula.ts';

const formula = 'class Jq < Formula\n  desc "JSON processor"\n  homepage "https://jq.example/"\n  license "MIT"\nend\n';

describe('homebrewFormula', () => {
  it('reads what a folder of the Cellar was made from', () => {
    const { get } = catalogText(homebrewFormula, { 'opt/Cellar/jq/1.7/.brew/jq.rb': formula });

    expect(get('jq')).toMatchObject({
      version: '1.7',
      purl: 'pkg:brew/jq@1.7',
      licenses: ['MIT'],
      facts: { description: 'JSON processor', homepage: 'https://jq.example/' },
    });
  });

  it('adds licence and description to what the receipt says', () => {
    const { get } = catalogText(homebrewCellar, {
      'opt/Cellar/jq/1.7/INSTALL_RECEIPT.json': '{"arch":"arm64"}',
      'opt/Cellar/jq/1.7/.brew/jq.rb': formula,
    });

    expect(get('jq')).toMatchObject({
      licenses: ['MIT'],
      facts: { architecture: 'arm64', description: 'JSON processor' },
    });
  });

  it('joins the licences of a list', () => {
    const text = 'license any_of: [\n  "MIT",\n  "Apache-2.0",\n]\n';

    expect(readFormula(text).licenses).toEqual(['MIT OR Apache-2.0']);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void readFormula(`license all_of: [${text}\ndesc ${text}`)));
  });
});
