// SPDX-License-Identifier: Apache-2.0
// Licences by family and version: "Apache Software License, Version 2" is of the family Apache in version 2.0. Ids, listed names and addresses
// are looked up elsewhere (spdx-license-names.ts).
import type { LicenseExpression } from './spdx-license.ts';
import { listedLicenses } from './spdx-license.ts';
import { currentLicense } from './spdx-license-current.ts';

interface Family {
  /** Id without version, or the whole id where the family has one member. */
  readonly id: string;
  /** Version that a bare name stands for; undefined: a bare name is not recognised. `none`: the id has no version. */
  readonly version: string | undefined;
  readonly names: readonly string[];
}

const family = (id: string, version: string | undefined, ...names: readonly string[]): Family => ({
  id,
  version,
  names,
});

/** Names are in the form of `wordsOf`: lower case, without "the", "license", "version", digits and punctuation. */
const families: readonly Family[] = [
  family(
    'Apache',
    '2.0',
    'apache',
    'apache software',
    'apache public',
    'apache asl',
    'asl',
    'asf',
    'al',
    'apache software asl',
  ),
  family(
    'GPL',
    '2.0',
    'gpl',
    'gnu gpl',
    'gnu general public',
    'general public',
    'gnu public',
    'gnu general public gpl',
  ),
  family(
    'LGPL',
    '2.1',
    'lgpl',
    'gnu lgpl',
    'gnu lesser general public',
    'lesser general public',
    'gnu lesser',
    'lesser gpl',
  ),
  family('LGPL', '2.1', 'gnu lesser public', 'gnu library or lesser general public', 'gnu lesser gpl'),
  family('LGPL', '2.0', 'gnu library general public', 'library general public', 'gnu library'),
  family(
    'AGPL',
    '3.0',
    'agpl',
    'gnu agpl',
    'gnu affero general public',
    'affero general public',
    'gnu affero',
    'affero gpl',
  ),
  family('GFDL', undefined, 'gfdl', 'gnu free documentation', 'gnu fdl', 'fdl'),
  family('MPL', '2.0', 'mpl', 'mozilla', 'mozilla public', 'mozilla public mpl'),
  family('EPL', '1.0', 'epl', 'eclipse', 'eclipse public', 'eclipse public epl'),
  family('BSD-3-Clause', 'none', 'edl', 'eclipse distribution'),
  family('CDDL', '1.0', 'cddl', 'common development distribution', 'common development and distribution'),
  family('CPL', '1.0', 'cpl', 'common public', 'ibm common public'),
  family('AFL', undefined, 'afl', 'academic free'),
  family('OSL', undefined, 'osl', 'open software'),
  family('Artistic', undefined, 'artistic', 'perl artistic'),
  family('BSL', '1.0', 'bsl', 'boost', 'boost software', 'boost software bsl'),
  family('CC0', '1.0', 'cc zero', 'creative commons zero', 'creative commons', 'public domain per creative commons cc'),
  family('CC-BY', undefined, 'cc by', 'creative commons attribution'),
  family(
    'CC-BY-SA',
    undefined,
    'cc by sa',
    'creative commons attribution share alike',
    'creative commons attribution sharealike',
  ),
  family(
    'CC-BY-NC',
    undefined,
    'cc by nc',
    'creative commons attribution non commercial',
    'creative commons attribution noncommercial',
  ),
  family('EUPL', undefined, 'eupl', 'european union public'),
  family('LPPL', undefined, 'lppl', 'latex project public'),
  family('OFL', '1.1', 'ofl', 'sil ofl', 'sil open font', 'open font', 'sil open font ofl'),
  family('PHP', undefined, 'php'),
  family('PSF', '2.0', 'psf', 'python software foundation', 'psfl', 'python software foundation psf'),
  family('Ruby', 'none', 'ruby', 'ruby s'),
  family('UPL', '1.0', 'upl', 'universal permissive'),
  family('ZPL', '2.1', 'zpl', 'zope public'),
  family('Zlib', 'none', 'zlib', 'zlib libpng', 'zlib png'),
  family(
    'MIT',
    'none',
    'mit',
    'mit expat',
    'expat',
    'mit x',
    'x mit',
    'bouncy castle',
    'mit like',
    'mit style',
    'json codeplex com',
  ),
  family('ISC', 'none', 'isc', 'isc style', 'internet systems consortium'),
  family('BSD-2-Clause', 'none', 'simplified bsd', 'bsd simplified', 'freebsd', 'bsd clause simplified'),
  family(
    'BSD-3-Clause',
    'none',
    'bsd',
    'new bsd',
    'revised bsd',
    'modified bsd',
    'bsd new',
    'bsd revised',
    'bsd like',
    'bsd style',
  ),
  family(
    'BSD-3-Clause',
    'none',
    'bsd new revised',
    'new revised bsd',
    'bsd clause new',
    'berkeley software distribution',
    'the new bsd',
  ),
  family('BSD-4-Clause', 'none', 'original bsd', 'bsd original', 'old bsd'),
  family('MS-PL', 'none', 'microsoft public', 'ms pl', 'mspl'),
  family('MS-RL', 'none', 'microsoft reciprocal', 'ms rl'),
  family('NCSA', 'none', 'university of illinois ncsa open source', 'uiuc ncsa', 'uiuc'),
  family('PostgreSQL', 'none', 'postgresql', 'postgres'),
  family('TCL', 'none', 'tcl', 'tcl tk', 'tcltk'),
  family('Unlicense', 'none', 'unlicense', 'unlicence'),
  family('Vim', 'none', 'vim'),
  family('WTFPL', 'none', 'wtfpl', 'do what the f ck you want to public'),
];

let familyNames: ReadonlyMap<string, Family> | undefined;

function familyOf(name: string): Family | undefined {
  familyNames ??= new Map(families.flatMap((item) => item.names.map((alias) => [alias, item] as const)));
  return familyNames.get(name);
}

interface Words {
  /** Letters only. */
  readonly name: string;
  /** First number, normalised to at least two parts. */
  readonly version: string | undefined;
}

/** `Apache Software License, Version 2` gives `apache software` and `2.0`. */
function wordsOf(text: string): Words {
  const plain = text
    .toLowerCase()
    .replace(/https?:\/\/\S{1,300}/g, ' ')
    .replace(
      /\b(?:january|february|march|april|may|june|july|august|september|october|november|december),? [0-9]{4}\b/g,
      ' ',
    )
    .replace(/[ -]or[ -](?:any[ -])?(?:later|newer|greater)(?:[ -]versions?)?/g, ' ')
    .replace(/\bonly\b/g, ' ')
    .replace(/licen[sc](?:ed?|es)?\b/g, ' ')
    .replace(/(?:\bversion|\bver|v)\.?(?=[ -]?[0-9])/g, ' ')
    .replace(/([a-z])(?=[0-9])/g, '$1 ')
    .replace(/([0-9])(?=[a-z])/g, '$1 ');
  const version = /[0-9]{1,4}(?:\.[0-9]{1,3}){0,3}/.exec(plain)?.[0];
  const words = plain.replace(/[0-9.]+/g, ' ').split(/[^a-z&]+/);
  return {
    name: words
      .filter((word) => word !== '' && word !== 'the' && word !== '&' && word !== 'v' && word !== 'version')
      .join(' '),
    version: version === undefined || version.includes('.') ? version : `${version}.0`,
  };
}

/** The licence of a text that names a family and, where the family needs one, a version; undefined when it does not. */
export function licenseOfFamily(text: string, orLater: boolean): LicenseExpression | undefined {
  const outside = wordsOf(text.replace(/\([^()]{0,200}\)/g, ' '));
  const inside = wordsOf(/\(([^()]{0,200})\)/.exec(text)?.[1] ?? '');
  const bsd = bsdOfClauses(outside);
  if (bsd !== undefined) return { kind: 'license', id: bsd, orLater: false };
  const found =
    familyOf(outside.name) ?? familyOf(wordsOf(text).name) ?? (outside.name === '' ? familyOf(inside.name) : undefined);
  if (found === undefined) return undefined;
  if (found.version === 'none') return { kind: 'license', id: found.id, orLater: false };
  const stated = outside.version ?? inside.version;
  const version = stated ?? found.version;
  if (version === undefined) return undefined;
  const base = [version, version.replace(/(\.0)+$/, ''), version.replace(/^([0-9]+\.[0-9]+)\.0$/, '$1')]
    .flatMap((form) => [`${found.id}-${form}`, `${found.id}-${form}-only`])
    .map((id) => listedLicenses().get(id.toLowerCase()))
    .find((item) => item !== undefined);
  // Of a program under the GPL that names no version any may be chosen (GPL 2, section 9; GPL 3, section 14).
  const isAnyVersion = stated === undefined && found.id === 'GPL';
  return base === undefined
    ? undefined
    : currentLicense({ kind: 'license', id: base.id, orLater: orLater || isAnyVersion });
}

/** `3-Clause BSD`, `BSD 2-clause "Simplified"`, `BSD-3`. */
function bsdOfClauses({ name, version }: Words): string | undefined {
  const clauses = /^([0-4])\.0$/.exec(version ?? '')?.[1];
  if (clauses === undefined || !/(?:^| )bsd(?: |$)/.test(name)) return undefined;
  const rest = name
    .replace(/\b(?:bsd|clauses?|new|revised|modified|simplified|original|old|or|style|like)\b/g, '')
    .trim();
  return rest === '' ? (clauses === '0' ? '0BSD' : `BSD-${clauses}-Clause`) : undefined;
}
