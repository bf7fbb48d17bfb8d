// SPDX-License-Identifier: Apache-2.0
// From the package note of an ELF file to a package: type, package URL with its distribution.
import type { ElfPackageNote } from '../../formats/elf-package-note.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl, parsePurl } from '../../model/purl.ts';

/** Types that package URLs have, too. */
const systemTypes: ReadonlySet<string> = new Set(['rpm', 'deb', 'apk', 'alpm', 'ebuild']);

/** Undefined without a name. */
export function elfPackage(note: ElfPackageNote, location: Location): Package | undefined {
  const { name, version = '' } = note;
  if (name === undefined) return undefined;
  const purl = note.purl !== undefined && parsePurl(note.purl) !== undefined ? note.purl : elfPackagePurl(note);
  return packageOf({
    name,
    version,
    type: purl === undefined ? typeOf(note) : (parsePurl(purl)?.type ?? typeOf(note)),
    ...(purl === undefined ? {} : { purl }),
    locations: [location],
    licenses: note.license === undefined ? [] : [note.license],
    ...(note.appCpe === undefined ? {} : { cpes: [note.appCpe] }),
    facts: {
      ...(note.architecture === undefined ? {} : { architecture: note.architecture }),
      ...(note.vendor === undefined ? {} : { supplier: note.vendor }),
      ...(note.commit === undefined ? {} : { commit: note.commit }),
      ...(note.sourceRepository === undefined ? {} : { repository: note.sourceRepository }),
      other: { 'identified-by': 'package note' },
    },
  });
}

function typeOf(note: ElfPackageNote): string {
  return note.type !== undefined && systemTypes.has(note.type) ? note.type : 'generic';
}

/** `pkg:rpm/fedora/coreutils@9.5-3.fc41?distro=fedora-40`; without a distribution its `system` is the namespace. */
export function elfPackagePurl(note: ElfPackageNote): string | undefined {
  const { name = '', version, system } = note;
  const distribution = distributionOf(note);
  const distro = [distribution?.id, distribution?.version].filter((part) => part !== undefined).join('-');
  return formatPurl({
    type: typeOf(note),
    namespace: distribution?.id ?? system,
    name,
    version,
    qualifiers: { distro: distro === '' ? undefined : distro },
  });
}

/**
 * The names of os-release when they are complete, else the product and version of the CPE (`cpe:/o:fedoraproject:fedora:40`), else the
 * name alone.
 */
function distributionOf(
  note: ElfPackageNote,
): { readonly id: string; readonly version: string | undefined } | undefined {
  const { os, osVersion, osCpe = '' } = note;
  if (os !== undefined && osVersion !== undefined) return { id: os, version: osVersion };
  const parts = osCpe.startsWith('cpe:2.3:') ? osCpe.split(':').slice(2) : osCpe.replace('cpe:/', '').split(':');
  const [part, , product = '', version] = parts;
  if (part === 'o' && product !== '') return { id: product, version };
  return os === undefined ? undefined : { id: os, version: undefined };
}
