// SPDX-License-Identifier: Apache-2.0
// CPE names (Common Platform Enumeration): the formatted string of 2.3 (NIST IR 7695, section 6.2) and the URI of 2.2 (section 6.1).
// Values are held unescaped and in lower case; `*` (any) and an empty value are absent, `-` (not applicable) stays.

export const cpeParts = [
  'part',
  'vendor',
  'product',
  'version',
  'update',
  'edition',
  'language',
  'softwareEdition',
  'targetSoftware',
  'targetHardware',
  'other',
] as const;
export type CpePart = (typeof cpeParts)[number];

/** Attributes that say something; an absent one means any. */
export type Cpe = { readonly [P in CpePart]?: string };

/** Reads either form; undefined when the text is no CPE or names no product. */
export function parseCpe(text: string): Cpe | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 2_000) return undefined;
  if (/^cpe:2\.3:/i.test(trimmed)) return parseFormatted(trimmed.slice(8));
  return /^cpe:\//i.test(trimmed) ? parseUri(trimmed.slice(5)) : undefined;
}

function parseFormatted(text: string): Cpe | undefined {
  const values = splitUnescaped(text);
  if (values.length !== cpeParts.length || !/^[aoh*-]$/i.test(values[0] ?? '')) return undefined;
  const found: Partial<Record<CpePart, string>> = {};
  for (const [index, part] of cpeParts.entries()) {
    const written = values[index] ?? '';
    if (written !== '*' && written !== '') found[part] = unescape(written);
  }
  return found.product === undefined ? undefined : found;
}

/** A colon behind a backslash belongs to the value. */
function splitUnescaped(text: string): readonly string[] {
  const values: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === ':') {
      values.push(text.slice(start, at));
      start = at + 1;
    }
  }
  values.push(text.slice(start));
  return values;
}

function unescape(value: string): string {
  return value.replace(/\\(.)/g, '$1').toLowerCase();
}

const uriParts = ['part', 'vendor', 'product', 'version', 'update', 'edition', 'language'] as const;
const packedParts = ['edition', 'softwareEdition', 'targetSoftware', 'targetHardware', 'other'] as const;

/** `a:vendor:product:version:update:edition:language`; an edition `~a~b~c~d~e` packs the attributes that are new in 2.3. */
function parseUri(text: string): Cpe | undefined {
  const values = text.split(':');
  if (values.length > uriParts.length || !/^[aoh]$/i.test(values[0] ?? '')) return undefined;
  const found: Partial<Record<CpePart, string>> = {};
  for (const [index, part] of uriParts.entries()) keep(found, part, values[index]);
  const edition = values[5] ?? '';
  if (edition.startsWith('~')) {
    delete found.edition;
    for (const [index, value] of edition.slice(1).split('~').entries()) {
      const part = packedParts[index];
      if (part !== undefined) keep(found, part, value);
    }
  }
  return found.product === undefined ? undefined : found;
}

function keep(found: Partial<Record<CpePart, string>>, part: CpePart, written: string | undefined): void {
  if (written === undefined || written === '' || written === '*') return;
  found[part] = decoded(written).toLowerCase();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The formatted string of 2.3. */
export function formatCpe(cpe: Cpe): string {
  return `cpe:2.3:${cpeParts.map((part) => escape(cpe[part])).join(':')}`;
}

/** Letters, digits, underscore, hyphen and full stop stand as they are. A value that is a lone hyphen means "not applicable". */
function escape(value: string | undefined): string {
  if (value === undefined || value === '') return '*';
  return value === '-' ? '-' : value.replace(/[^\w.-]/g, '\\$&');
}

/**
 * Whether both can speak of one product: each attribute is equal, or absent in one of them. `version` and `update` are left to
 * the ranges of advisories.
 */
export function isSameProduct(one: Cpe, other: Cpe): boolean {
  return cpeParts.every((part) => part === 'version' || part === 'update' || agrees(one[part], other[part]));
}

function agrees(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** The vulnerable version a name states by itself: `1.0`, with its update `1.0-p1`; undefined when it states none. */
export function versionOfCpe(cpe: Cpe): string | undefined {
  const { version, update } = cpe;
  if (version === undefined || version === '-') return undefined;
  return update === undefined || update === '-' ? version : `${version}-${update}`;
}
