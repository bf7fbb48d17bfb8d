// SPDX-License-Identifier: Apache-2.0
// The class of a licence expression, and whether lists of allowed and denied licences let it through.
import type { LicenseExpression } from '../../formats/spdx-license.ts';
import { printLicenseExpression } from '../../formats/spdx-license.ts';
import { normaliseLicense } from '../../formats/spdx-license-names.ts';
import type { LicenseCategory } from '../../model/license.ts';
import { licenseCategories, licenseSeverities } from '../../model/license.ts';
import type { LicenseTable } from './categories.ts';
import { licenseTable } from './categories.ts';

export interface ClassifiedLicense {
  /** The text in SPDX ids, as far as its words are known; absent for a text that is no expression. */
  readonly spdx?: string;
  readonly category: LicenseCategory;
}

/**
 * Of `A OR B` the class that asks less, because one may choose; of `A AND B` the one that asks more. An exception (`WITH`) does
 * not change the class unless the table names the whole. What no class names is `unknown`.
 */
export function classifyLicense(text: string, table: LicenseTable = licenseTable): ClassifiedLicense {
  const expression = normaliseLicense(text);
  if (expression === undefined) return { category: 'unknown' };
  return { spdx: printLicenseExpression(expression), category: categoryOf(expression, indexOf(table)) };
}

function categoryOf(expression: LicenseExpression, index: Index): LicenseCategory {
  const whole = index.get(key(printLicenseExpression(expression)));
  if (whole !== undefined) return whole;
  switch (expression.kind) {
    case 'license':
      return index.get(key(withoutVersions(expression.id))) ?? 'unknown';
    case 'with':
      return categoryOf(expression.license, index);
    case 'and':
      return extreme(expression.members, index, (a, b) => rank(a) < rank(b));
    default:
      return extreme(expression.members, index, (a, b) => rank(a) > rank(b));
  }
}

function extreme(
  members: readonly LicenseExpression[],
  index: Index,
  wins: (a: LicenseCategory, b: LicenseCategory) => boolean,
): LicenseCategory {
  const [first = 'unknown', ...rest] = members.map((member) => categoryOf(member, index));
  return rest.reduce((best, next) => (wins(next, best) ? next : best), first);
}

/** Worst first. An unknown licence may ask anything: it stands between what must be published and what must be named. */
function rank(category: LicenseCategory): number {
  return category === 'unknown' ? licenseCategories.indexOf('reciprocal') + 0.5 : licenseCategories.indexOf(category);
}

/** Whether a list of ids, whole expressions and categories covers an expression: all of `AND`, one of `OR`. */
export function coversLicense(list: readonly string[], text: string, quantifier: 'permits' | 'touches'): boolean {
  const expression = normaliseLicense(text);
  const named = new Set(list.flatMap((item) => [key(item), key(idOf(item))]));
  if (expression === undefined) return named.has(key(text));
  return covers(expression, named, quantifier);
}

/** `permits`: the user may choose, so one of `OR` is enough and all of `AND` are needed. `touches`: the other way round. */
function covers(expression: LicenseExpression, named: ReadonlySet<string>, quantifier: 'permits' | 'touches'): boolean {
  if (named.has(key(printLicenseExpression(expression)))) return true;
  switch (expression.kind) {
    case 'license':
      return (
        named.has(key(expression.id)) ||
        named.has(key(withoutVersions(expression.id))) ||
        named.has(key(categoryOf(expression, indexOf(licenseTable))))
      );
    case 'with':
      return covers(expression.license, named, quantifier);
    case 'and':
      return quantifier === 'permits'
        ? expression.members.every((member) => covers(member, named, quantifier))
        : expression.members.some((member) => covers(member, named, quantifier));
    default:
      return quantifier === 'permits'
        ? expression.members.some((member) => covers(member, named, quantifier))
        : expression.members.every((member) => covers(member, named, quantifier));
  }
}

/** An entry of a list in SPDX ids: `Apache 2` is `Apache-2.0`. Categories stay as they are. */
function idOf(item: string): string {
  if (Object.hasOwn(licenseSeverities, item)) return item;
  const expression = normaliseLicense(item);
  return expression === undefined ? item : printLicenseExpression(expression);
}

type Index = ReadonlyMap<string, LicenseCategory>;

const indexes = new WeakMap<LicenseTable, Index>();

function indexOf(table: LicenseTable): Index {
  const known = indexes.get(table);
  if (known !== undefined) return known;
  const index = new Map<string, LicenseCategory>();
  for (const category of licenseCategories) {
    for (const id of table[category] ?? []) {
      const names = [id, withoutVersions(id)];
      for (const name of names) if (!index.has(key(name))) index.set(key(name), category);
    }
  }
  indexes.set(table, index);
  return index;
}

function withoutVersions(id: string): string {
  return id.replace(/(?:-only|-or-later|\+)$/, '');
}

function key(text: string): string {
  return text.toLowerCase();
}
