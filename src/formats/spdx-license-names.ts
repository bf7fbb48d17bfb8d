// SPDX-License-Identifier: Apache-2.0
// From the words people write for a licence ("Apache 2", "MIT License", "GPLv2+", an address) to SPDX ids. Names that say too little follow
// what Trivy and Syft take them for (`BSD` is BSD-3-Clause, `GPL` is GPL-2.0), so that reports can be compared.
import type { LicenseExpression } from './spdx-license.ts';
import {
  isLicenseReference,
  joinLicenses,
  listedExceptions,
  listedLicenses,
  mapLicenses,
  parseLicenseExpression,
  validLicense,
} from './spdx-license.ts';
import { normaliseLicenseUrl } from './spdx-license-url.ts';
import { licenseUrlTable } from './spdx-license-urls.ts';

/** Longer texts are licence texts, not names. */
const maxNameLength = 300;

/**
 * The expression with every part that is recognised replaced by its SPDX id; other parts keep their words. Text that is no expression
 * becomes one licence of these words; undefined for blank text.
 */
export function normaliseLicense(text: string): LicenseExpression | undefined {
  const words = text.trim().replace(/\s+/g, ' ');
  if (words === '') return undefined;
  const whole = licenseOfName(words);
  if (whole !== undefined) return whole;
  const parsed = parseLicenseExpression(protectWords(words));
  if (parsed === undefined) return { kind: 'license', id: words, orLater: false };
  return mapLicenses(parsed, (license) => {
    if (license.kind === 'with') return normaliseWith(license);
    const name = `${license.id}${license.orLater ? '+' : ''}`;
    return licenseOfName(name) ?? licensesInRow(name) ?? license;
  });
}

const maxWordsInRow = 20;

/** Names in a row without operators (`MIT BSD GPL2+`, the habit of Alpine), which hold together; undefined unless every word belongs to one. */
function licensesInRow(text: string): LicenseExpression | undefined {
  const words = text.split(' ');
  if (words.length < 2 || words.length > maxWordsInRow) return undefined;
  const found: LicenseExpression[] = [];
  for (let at = 0; at < words.length; ) {
    let end = words.length;
    let license: LicenseExpression | undefined;
    while (end > at && license === undefined) {
      license = licenseOfName(words.slice(at, end).join(' '));
      if (license === undefined) end -= 1;
    }
    if (license === undefined) return undefined;
    found.push(license);
    at = end;
  }
  return joinLicenses('AND', found);
}

/** Operators inside of names, which the expression parser must not see. */
function protectWords(text: string): string {
  return text
    .replace(/[ -]or[ -](?:any[ -])?(?:later|newer|greater)(?:[ -]version)?/gi, '+ ')
    .replace(/\b(development) and (distribution)\b/gi, '$1 & $2')
    .replace(/\b(new)"? or "?(revised)\b/gi, '$1/$2')
    .trim();
}

function normaliseWith(expression: LicenseExpression & { kind: 'with' }): LicenseExpression {
  const { license, exception } = expression;
  const words = license.kind === 'license' ? `${license.id}${license.orLater ? '+' : ''}` : '';
  const known = exceptionOfName(exception);
  return { kind: 'with', license: licenseOfName(words) ?? license, exception: known ?? exception };
}

function exceptionOfName(name: string): string | undefined {
  const listed = listedExceptions().get(name.toLowerCase().replaceAll(' ', '-'));
  return (
    listed?.id ??
    listedExceptions().get(
      name
        .toLowerCase()
        .replace(/[ -]exceptions?$/, '')
        .replaceAll(' ', '-'),
    )?.id
  );
}

/** One licence by id, name, common abbreviation or address; undefined when nothing is recognised. */
export function licenseOfName(name: string): LicenseExpression | undefined {
  const text = name.trim().replace(/\s+/g, ' ');
  if (text === '' || text.length > maxNameLength) return undefined;
  const orLater = /\+$|[ -]or[ -](?:any[ -])?(?:later|newer|greater)|≥|>=/i.test(text);
  const bare = text.replace(/\+$/, '');
  if (isLicenseReference(bare)) return { kind: 'license', id: bare, orLater: false };
  const listed = validLicense({ kind: 'license', id: bare, orLater: text.endsWith('+') });
  if (listed !== undefined) return currentLicense(listed);
  if (/^(?:https?:\/\/|www\.)/i.test(text)) return licenseOfUrl(text);
  const id = keys().get(keyOf(bare)) ?? keys().get(squeezed(bare));
  if (id !== undefined) return currentLicense({ kind: 'license', id, orLater });
  return licenseOfFamily(text, orLater);
}

/** The licence whose text stands at an address, by the list's own references; undefined when it is unknown or several stand there. */
export function licenseOfUrl(address: string): LicenseExpression | undefined {
  if (address.length > 2_000) return undefined;
  const url = normaliseLicenseUrl(address);
  const id = urls().get(url) ?? urls().get(url.toLowerCase());
  if (id !== undefined) return currentLicense({ kind: 'license', id, orLater: false });
  const named = /^(?:opensource\.org\/license|spdx\.org\/licenses)\/([A-Za-z0-9.+-]{1,80})$/.exec(url)?.[1];
  if (named === undefined) return undefined;
  const listed =
    listedLicenses().get(named.toLowerCase())?.id ?? keys().get(keyOf(named)) ?? keys().get(squeezed(named));
  return listed === undefined ? undefined : currentLicense({ kind: 'license', id: listed, orLater: false });
}

/** Deprecated ids of the GNU family and of licences with a built-in exception, in today's form. Other licences stay. */
export function currentLicense(license: LicenseExpression): LicenseExpression {
  if (license.kind !== 'license') return license;
  const withException = exceptionForms[license.id];
  if (withException !== undefined) {
    const [id, exception] = withException;
    return { kind: 'with', license: { kind: 'license', id, orLater: false }, exception };
  }
  const gnu = /^((?:A|L)?GPL-[0-9.]+|GFDL-[0-9.]+)(\+)?(?:-(only|or-later))?$/.exec(license.id);
  if (gnu === null) {
    const id = replacements[license.id] ?? license.id;
    return { ...license, id };
  }
  const later = license.orLater || gnu[2] === '+' || gnu[3] === 'or-later';
  return { kind: 'license', id: `${gnu[1]}-${later ? 'or-later' : 'only'}`, orLater: false };
}

const exceptionForms: Readonly<Record<string, readonly [license: string, exception: string]>> = {
  'GPL-2.0-with-autoconf-exception': ['GPL-2.0-only', 'Autoconf-exception-2.0'],
  'GPL-2.0-with-bison-exception': ['GPL-2.0-only', 'Bison-exception-2.2'],
  'GPL-2.0-with-classpath-exception': ['GPL-2.0-only', 'Classpath-exception-2.0'],
  'GPL-2.0-with-font-exception': ['GPL-2.0-only', 'Font-exception-2.0'],
  'GPL-2.0-with-GCC-exception': ['GPL-2.0-only', 'GCC-exception-2.0'],
  'GPL-3.0-with-autoconf-exception': ['GPL-3.0-only', 'Autoconf-exception-3.0'],
  'GPL-3.0-with-GCC-exception': ['GPL-3.0-only', 'GCC-exception-3.1'],
  'eCos-2.0': ['GPL-2.0-or-later', 'eCos-exception-2.0'],
  wxWindows: ['LGPL-2.0-or-later', 'WxWindows-exception-3.1'],
};

const replacements: Readonly<Record<string, string>> = {
  'BSD-2-Clause-FreeBSD': 'BSD-2-Clause-Views',
  'BSD-2-Clause-NetBSD': 'BSD-2-Clause',
  'bzip2-1.0.5': 'bzip2-1.0.6',
  'StandardML-NJ': 'SMLNJ',
};

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

function licenseOfFamily(text: string, orLater: boolean): LicenseExpression | undefined {
  const outside = wordsOf(text.replace(/\([^()]{0,200}\)/g, ' '));
  const inside = wordsOf(/\(([^()]{0,200})\)/.exec(text)?.[1] ?? '');
  const bsd = bsdOfClauses(outside);
  if (bsd !== undefined) return { kind: 'license', id: bsd, orLater: false };
  const found =
    familyOf(outside.name) ?? familyOf(wordsOf(text).name) ?? (outside.name === '' ? familyOf(inside.name) : undefined);
  if (found === undefined) return undefined;
  if (found.version === 'none') return { kind: 'license', id: found.id, orLater: false };
  const version = outside.version ?? inside.version ?? found.version;
  if (version === undefined) return undefined;
  const base = [version, version.replace(/(\.0)+$/, ''), version.replace(/^([0-9]+\.[0-9]+)\.0$/, '$1')]
    .flatMap((form) => [`${found.id}-${form}`, `${found.id}-${form}-only`])
    .map((id) => listedLicenses().get(id.toLowerCase()))
    .find((item) => item !== undefined);
  return base === undefined ? undefined : currentLicense({ kind: 'license', id: base.id, orLater });
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

/** Words and numbers without what names leave out or add: `The Zope Public License, Version 2.1` gives `zope public 2.1`. */
function keyOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/\([^()]{0,200}\)/g, ' ')
    .replace(/\blicen[sc](?:ed?|es)?\b/g, ' ')
    .replace(/\b(?:the|version|ver)\b/g, ' ')
    .replace(/\bv\.?(?= ?[0-9])/g, ' ')
    .replace(/[^a-z0-9.+]+/g, ' ')
    .replace(/([0-9])(?:\.0){1,2}\b(?!\.)/g, '$1')
    .trim();
}

/** Without separators and without zeros that end a version: `bsd3clause`, `gpl2only`. */
function squeezed(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.+]+/g, '')
    .replace(/([0-9])(?:\.0){1,3}(?![0-9.])/g, '$1');
}

let keyTable: Map<string, string> | undefined;

/**
 * Keys of all licences: words and letters of the ids, then words of the names, then ids with the first part of the version only
 * (`afl1` is AFL-1.1, as Syft has it). A key that two licences share belongs to the first one.
 */
function keys(): ReadonlyMap<string, string> {
  if (keyTable !== undefined) return keyTable;
  keyTable = new Map();
  const all = [...listedLicenses().values()].toSorted((a, b) => Number(a.deprecated) - Number(b.deprecated));
  for (const { id } of all) addKey(keyTable, keyOf(id), id);
  for (const { id } of all) addKey(keyTable, squeezed(id), id);
  for (const { id, name } of all) addKey(keyTable, keyOf(name), id);
  addKey(keyTable, 'cc0', 'CC0-1.0');
  for (const { id } of all) {
    const letters = squeezed(id);
    const shorter = [
      letters.replace(/([0-9]\.[0-9]+)(?:\.[0-9]+)+/, '$1'),
      letters.replace(/([0-9])(?:\.[0-9]+)+/, '$1'),
    ];
    for (const key of [letters, ...shorter]) {
      if (id.endsWith('-or-later'))
        addKey(keyTable, key.replace(/orlater$/, '').replace(/([0-9])(?=[a-z]*$)/, '$1+'), id);
      addKey(keyTable, key, id);
    }
  }
  return keyTable;
}

function addKey(table: Map<string, string>, key: string, id: string): void {
  if (key !== '' && !table.has(key)) table.set(key, id);
}

let urlTable: ReadonlyMap<string, string> | undefined;

/** Addresses that people use and the list does not name. */
const moreUrls: readonly (readonly [url: string, id: string])[] = [
  ['json.codeplex.com/license', 'MIT'],
  ['apache.org/licenses', 'Apache-2.0'],
  ['gnu.org/licenses/gpl', 'GPL-3.0-only'],
  ['gnu.org/licenses/lgpl', 'LGPL-3.0-only'],
  ['gnu.org/licenses/agpl-3.0', 'AGPL-3.0-only'],
  ['gnu.org/licenses/gpl-3.0', 'GPL-3.0-only'],
  ['gnu.org/licenses/old-licenses/gpl-2.0', 'GPL-2.0-only'],
  ['gnu.org/licenses/old-licenses/lgpl-2.1', 'LGPL-2.1-only'],
  ['eclipse.org/legal/epl-v10', 'EPL-1.0'],
  ['eclipse.org/legal/epl-2.0', 'EPL-2.0'],
  ['eclipse.org/org/documents/edl-v10', 'BSD-3-Clause'],
  ['creativecommons.org/publicdomain/zero/1.0', 'CC0-1.0'],
  ['mozilla.org/en-us/mpl/2.0', 'MPL-2.0'],
  ['repository.jboss.org/licenses/apache-2.0', 'Apache-2.0'],
];

function urls(): ReadonlyMap<string, string> {
  if (urlTable !== undefined) return urlTable;
  const table = new Map<string, string>(moreUrls);
  for (const line of licenseUrlTable.trim().split('\n')) {
    const space = line.indexOf(' ');
    table.set(line.slice(space + 1), line.slice(0, space));
  }
  urlTable = table;
  return table;
}
