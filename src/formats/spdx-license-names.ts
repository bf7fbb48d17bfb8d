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
import { currentLicense } from './spdx-license-current.ts';
import { licenseOfFamily } from './spdx-license-families.ts';
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
