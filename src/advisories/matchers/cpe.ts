// SPDX-License-Identifier: Apache-2.0
// Packages of which only a CPE name tells what they are: binaries, firmware, software without an ecosystem. Advisories on products
// (NVD) are kept under the product's name in the ecosystem `CPE`; vendor, edition and target software are compared with each.
import { type Cpe, isSameProduct, parseCpe, versionOfCpe } from '../../formats/cpe.ts';
import type { AffectedPackage } from '../../model/advisory.ts';
import type { Package } from '../../model/package.ts';
import { isOnPlatform } from '../platforms.ts';
import { isOfTarget } from '../target-software.ts';
import type { AdvisoryQuery } from './matcher.ts';
import { defineMatcher } from './matcher.ts';

/** `types` is what nobody else answers for; other packages come here when nothing else is known of them (index.ts). */
export const cpe = defineMatcher({
  id: 'cpe',
  types: ['generic'],
  queries(item) {
    const names = namesOf(item);
    if (names.length === 0) return { reason: 'no-ecosystem' };
    const queries = new Map<string, AdvisoryQuery>();
    for (const name of names) {
      const version = item.version === '' ? versionOfCpe(name) : item.version;
      if (name.product === undefined || version === undefined) continue;
      queries.set(`${name.product}\n${version}`, {
        ecosystem: 'CPE',
        name: name.product,
        version,
        note: 'by CPE',
        via: 'cpe',
      });
    }
    return queries.size === 0 ? { reason: 'no-version' } : [...queries.values()];
  },
  concerns: (affected, item, distribution) => isMeant(affected, item) && isOnPlatform(affected.platforms, distribution),
});

function namesOf(item: Package): readonly Cpe[] {
  return (item.cpes ?? []).map(parseCpe).filter((name) => name !== undefined);
}

function isMeant(affected: AffectedPackage, item: Package): boolean {
  const vulnerable = (affected.cpes ?? []).map(parseCpe).filter((name) => name !== undefined);
  if (vulnerable.length === 0) return true;
  const names = namesOf(item);
  const same = vulnerable.filter((product) => names.some((name) => isSameProduct(name, product)));
  return same.length > 0 && isOfTarget(item, names, same);
}
