// SPDX-License-Identifier: Apache-2.0
// SPDX licence expressions (SPDX 2.3 Annex D): parser, printer, check of the ids. The parser also takes what people write: operators in
// any case and names of several words. What a name means stands in spdx-license-names.ts.
import { exceptionTable, licenseTable } from './spdx-license-ids.ts';

export type LicenseExpression =
  | {
      readonly kind: 'license';
      /** An id, `LicenseRef-x`, `DocumentRef-y:LicenseRef-x`, or the words as written. */
      readonly id: string;
      /** `+`: or any later version. */
      readonly orLater: boolean;
    }
  | { readonly kind: 'with'; readonly license: LicenseExpression; readonly exception: string }
  | { readonly kind: 'and' | 'or'; readonly members: readonly LicenseExpression[] };

/** Longer texts are licence texts, not expressions. */
const maxLength = 4_096;
const maxDepth = 50;

type Token = '(' | ')' | '+' | 'AND' | 'OR' | 'WITH' | { readonly word: string };

/** Undefined for text that is no expression: empty, unbalanced, an operator without operand, or longer than 4,096 characters. */
export function parseLicenseExpression(text: string): LicenseExpression | undefined {
  if (text.length > maxLength) return undefined;
  const parser = new ExpressionParser(tokenize(text));
  const expression = parser.or(0);
  return parser.isAtEnd() ? expression : undefined;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const part of text.replace(/[()]/g, ' $& ').split(/\s+/)) {
    if (part === '') continue;
    const upper = part.toUpperCase();
    if (part === '(' || part === ')' || part === '+') tokens.push(part);
    else if (upper === 'AND' || upper === 'OR' || upper === 'WITH') tokens.push(upper);
    else if (part.endsWith('+')) tokens.push({ word: part.slice(0, -1) }, '+');
    else tokens.push({ word: part });
  }
  return tokens;
}

/** Recursive descent in the order of precedence: + WITH AND OR. */
class ExpressionParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  or(depth: number): LicenseExpression | undefined {
    return this.#chain('OR', () => this.#chain('AND', () => this.#with(depth)));
  }

  #chain(operator: 'AND' | 'OR', operand: () => LicenseExpression | undefined): LicenseExpression | undefined {
    const members: LicenseExpression[] = [];
    do {
      const member = operand();
      if (member === undefined) return undefined;
      members.push(member);
    } while (this.#take(operator));
    return joinLicenses(operator, members);
  }

  #with(depth: number): LicenseExpression | undefined {
    const license = this.#simple(depth);
    if (license === undefined || !this.#take('WITH')) return license;
    const exception = this.#words();
    if (exception === '') return undefined;
    // `GPL-2.0+ with a+` cannot be: an exception has no later versions.
    return this.#tokens[this.#at] === '+' ? undefined : { kind: 'with', license, exception };
  }

  #simple(depth: number): LicenseExpression | undefined {
    if (this.#take('(')) {
      if (depth >= maxDepth) return undefined;
      const inner = this.or(depth + 1);
      return inner !== undefined && this.#take(')') ? inner : undefined;
    }
    const id = this.#words();
    if (id === '') return undefined;
    return { kind: 'license', id, orLater: this.#take('+') };
  }

  #words(): string {
    const words: string[] = [];
    for (let token = this.#tokens[this.#at]; typeof token === 'object'; token = this.#tokens[this.#at]) {
      words.push(token.word);
      this.#at += 1;
    }
    return words.join(' ');
  }

  #take(token: Token): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

/** Joins expressions; members that are joined the same way are taken in. Undefined for none. */
export function joinLicenses(
  operator: 'AND' | 'OR',
  members: readonly LicenseExpression[],
): LicenseExpression | undefined {
  const kind = operator === 'AND' ? 'and' : 'or';
  const flat = members.flatMap((member) => (member.kind === kind ? member.members : [member]));
  return flat.length > 1 ? { kind, members: flat } : flat[0];
}

const precedence = { license: 3, with: 2, and: 1, or: 0 };

/** Prints with as few parentheses as the precedence allows. */
export function printLicenseExpression(expression: LicenseExpression): string {
  switch (expression.kind) {
    case 'license':
      return `${expression.id}${expression.orLater ? '+' : ''}`;
    case 'with':
      return `${inner(expression.license, 'with')} WITH ${expression.exception}`;
    default:
      return expression.members
        .map((member) => inner(member, expression.kind))
        .join(` ${expression.kind.toUpperCase()} `);
  }
}

function inner(member: LicenseExpression, of: LicenseExpression['kind']): string {
  const text = printLicenseExpression(member);
  return precedence[member.kind] < precedence[of] ? `(${text})` : text;
}

/** Replaces each simple licence; the structure stays. */
export function mapLicenses(
  expression: LicenseExpression,
  replace: (license: LicenseExpression & { kind: 'license' | 'with' }) => LicenseExpression,
): LicenseExpression {
  switch (expression.kind) {
    case 'license':
    case 'with':
      return replace(expression);
    default: {
      const members = expression.members.map((member) => mapLicenses(member, replace));
      return joinLicenses(expression.kind === 'and' ? 'AND' : 'OR', members) ?? expression;
    }
  }
}

/** The licences of an expression, each with its exception, in order of appearance. */
export function licensesOf(expression: LicenseExpression): readonly LicenseExpression[] {
  return expression.kind === 'and' || expression.kind === 'or' ? expression.members.flatMap(licensesOf) : [expression];
}

export interface ListedLicense {
  readonly id: string;
  readonly name: string;
  readonly deprecated: boolean;
}

function readTable(table: string): Map<string, ListedLicense> {
  const found = new Map<string, ListedLicense>();
  for (const line of table.trim().split('\n')) {
    const deprecated = line.startsWith('!');
    const bar = line.indexOf('|');
    const id = line.slice(deprecated ? 1 : 0, bar);
    found.set(id.toLowerCase(), { id, name: line.slice(bar + 1), deprecated });
  }
  return found;
}

let licenses: ReadonlyMap<string, ListedLicense> | undefined;
let exceptions: ReadonlyMap<string, ListedLicense> | undefined;

/** All licences of the SPDX list by lower-case id. */
export function listedLicenses(): ReadonlyMap<string, ListedLicense> {
  licenses ??= readTable(licenseTable);
  return licenses;
}

/** All exceptions of the SPDX list by lower-case id. */
export function listedExceptions(): ReadonlyMap<string, ListedLicense> {
  exceptions ??= readTable(exceptionTable);
  return exceptions;
}

const referencePattern = /^(?:DocumentRef-[A-Za-z0-9.-]{1,200}:)?LicenseRef-[A-Za-z0-9.-]{1,500}$/;

/** true for `LicenseRef-x` and `DocumentRef-y:LicenseRef-x`. */
export function isLicenseReference(id: string): boolean {
  return referencePattern.test(id);
}

/**
 * The expression with ids spelled as in the list (matching is case-insensitive, clause D.2), or undefined when a part of it is neither
 * listed nor a reference.
 */
export function validLicense(expression: LicenseExpression): LicenseExpression | undefined {
  switch (expression.kind) {
    case 'license': {
      if (isLicenseReference(expression.id)) return expression.orLater ? undefined : expression;
      const whole = expression.orLater ? listedLicenses().get(`${expression.id.toLowerCase()}+`) : undefined;
      if (whole !== undefined) return { kind: 'license', id: whole.id, orLater: false };
      const listed = listedLicenses().get(expression.id.toLowerCase());
      return listed === undefined ? undefined : { ...expression, id: listed.id };
    }
    case 'with': {
      const license = validLicense(expression.license);
      const listed = listedExceptions().get(expression.exception.toLowerCase());
      const exception =
        listed?.id ??
        (/^AdditionRef-[A-Za-z0-9.-]{1,500}$/.test(expression.exception) ? expression.exception : undefined);
      return license === undefined || exception === undefined ? undefined : { kind: 'with', license, exception };
    }
    default: {
      const members: LicenseExpression[] = [];
      for (const member of expression.members) {
        const valid = validLicense(member);
        if (valid === undefined) return undefined;
        members.push(valid);
      }
      return { kind: expression.kind, members };
    }
  }
}

/** The canonical text of a valid SPDX expression, else undefined. */
export function canonicalLicense(text: string): string | undefined {
  const parsed = parseLicenseExpression(text);
  const valid = parsed === undefined ? undefined : validLicense(parsed);
  return valid === undefined ? undefined : printLicenseExpression(valid);
}
