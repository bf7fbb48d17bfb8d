// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { rDescription } from './r-description.ts';

const description = (name: string, more = ''): string =>
  `Package: ${name}\nVersion: 1.0\nBuilt: R 4.3.0; ; 2023\n${more}`;

describe('rDescription', () => {
  it('connects the packages of one library', () => {
    const { get } = catalogText(rDescription, {
      'lib/R/library/web/DESCRIPTION': description('web', 'Imports: R (>= 3.5), util (>= 1.0),\n    gone\n'),
      'lib/R/library/util/DESCRIPTION': description('util'),
    });

    expect(get('web').dependsOn).toEqual(['util@1.0']);
  });

  it.each([
    ['MIT + file LICENSE', ['MIT']],
    ['GPL (>= 2)', ['GPL2+']],
    ['GPL-2 | file LICENSE', ['GPL-2', 'file LICENSE']],
    ['LGPL (== 2.1) | Apache License (>= 2.0)', ['LGPL2.1', 'Apache License2.0+']],
  ])('reads the licence field %j', (field, licenses) => {
    const { get } = catalogText(rDescription, { 'x/DESCRIPTION': description('a', `License: ${field}\n`) });

    expect(get('a').licenses).toEqual(licenses);
  });

  it('takes a package that was not built for the project itself', () => {
    expect(catalogText(rDescription, { DESCRIPTION: 'Package: mine\nVersion: 0.1\n' }).get('mine').relationship).toBe(
      'root',
    );
  });

  it('passes over files of other programs', () => {
    expect(catalogText(rDescription, { DESCRIPTION: 'Some words about this folder.\n' })).toMatchObject({
      packages: [],
      problems: [],
    });
  });
});
